Feature: Registering webhooks
  A merchant registers an address for the events it wants, and keeps the secret it is given.

  Source: Webhooks API guide, registration; Webhooks API description, v1.

  Rule: The answer to a registration is the only place where the secret is shown

    @official
    Scenario: A new registration
      When the merchant registers "https://example.com/hooks" for all payment events
      Then the answer is 201
      And the answer has the members id, secret

    @observed
    Scenario: A secret is 64 random bytes in base64
      When the merchant registers "https://example.com/hooks" for all payment events
      Then the secret is 88 characters of base64

    @official
    Scenario: The list shows everything but the secret
      Given a registration of "https://example.com/hooks" for AUTHORIZED and CAPTURED
      When the merchant lists its registrations
      Then the answer is 200
      And the list has one registration of "https://example.com/hooks" for AUTHORIZED and CAPTURED
      And no registration in the list shows a secret

    @assumed
    Scenario: An empty list
      When the merchant lists its registrations
      Then the answer is 200
      And the list has no registration

  Rule: A registration lasts until it is deleted

    @official
    Scenario: A deleted registration is gone
      Given a registration of "https://example.com/hooks" for all payment events
      When the merchant deletes the registration
      Then the answer is 204 without a body
      And no registration is left

    @assumed
    Scenario Outline: Deleting <case>
      When the merchant deletes the registration "<id>"
      Then the answer is <status>

      Examples:
        | case                       | id                                   | status |
        | a registration never made  | 497f6eca-6276-4993-bfeb-53cbbbba6f08 | 404    |
        | something that is no id    | first                                | 400    |

    @observed
    Scenario: Registering twice makes two
      Given a registration of "https://example.com/hooks" for all payment events
      When the merchant registers "https://example.com/hooks" for all payment events
      Then the answer is 201
      And 2 registrations are left

  Rule: A registration names an address and events that exist

    @observed
    Scenario: Events that do not exist
      When the merchant registers "https://example.com/hooks" for the events "epayment.payment.created.v1, epayments.payment.paid.v1"
      Then the registration is refused because "events" is "Unsupported values: epayment.payment.created.v1, epayments.payment.paid.v1"
      And no registration is left

    @official
    Scenario: No address
      When the merchant registers nothing for all payment events
      Then the registration is refused because "url" is "The property is required and cannot be null or empty."
      And no registration is left

    @assumed
    Scenario: No events
      When the merchant registers "https://example.com/hooks" for the events ""
      Then the registration is refused because "events" is "The property is required and cannot be null or empty."
      And no registration is left

    @assumed
    Scenario: An address that is none
      When the merchant registers "not an address" for all payment events
      Then the registration is refused because of "url"
      And no registration is left

    @assumed
    Scenario: More than 25 for one event
      Given 25 registrations for AUTHORIZED
      When the merchant registers "https://example.com/hooks" for the events "epayments.payment.authorized.v1"
      Then the answer is 400
      And 25 registrations are left
