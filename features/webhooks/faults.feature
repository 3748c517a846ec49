@mock-only @assumed
Feature: Webhooks that go wrong on demand
  What happens to webhooks in the world now and then, happens here when a tester asks for it.

  Source: Webhooks API guide, request authentication and retries.

  Rule: What befalls an attempt is over with the next one

    Scenario Outline: A delivery with <effect>
      Given a receiver of CREATED that answers 500 to the first 1 attempts
      And the next webhook is to suffer "<effect>"
      And a payment of NOK 345.92
      When 2 seconds pass
      Then delivery 1 cannot be verified because of "<header>"
      And delivery 2 can be verified

      Examples:
        | effect            | header              |
        | corrupt-body      | x-ms-content-sha256 |
        | corrupt-signature | authorization       |
        | no-authorization  | authorization       |
        | wrong-id          | webhook-id          |

    Scenario: A delivery with an old date
      Given a receiver of CREATED that answers 500 to the first 1 attempts
      And the next webhook is to suffer "stale-date"
      And a payment of NOK 345.92
      When 2 seconds pass
      Then delivery 1 can be verified
      And delivery 1 is dated an hour before delivery 2

  Rule: What befalls an event concerns each registration that wants it

    Scenario: An event that gets lost
      Given a receiver of CREATED
      And the next webhook is to suffer "drop"
      When the merchant asks for NOK 345.92
      Then the receiver gets nothing
      And the delivery is dropped

    Scenario: An event that comes twice
      Given a receiver of CREATED
      And the next webhook is to suffer "duplicate"
      When the merchant asks for NOK 345.92
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |
        | CREATED | NOK 345.92 |
      And each delivery names its own registration and is signed with its secret

    Scenario: Two registrations, and one fault
      Given a receiver of CREATED
      And a receiver of CREATED
      And the next webhook is to suffer "drop"
      When the merchant asks for NOK 345.92
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |

    Scenario: An event that says it failed
      Given a receiver of CREATED
      And the next webhook is to suffer "unsuccessful"
      When the merchant asks for NOK 345.92
      Then each delivery says that the operation failed

    Scenario: Only the event that was asked for
      Given a receiver of all payment events
      And the next webhook of AUTHORIZED is to suffer "drop"
      And a payment of NOK 500.00
      When the customer approves
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 500.00 |

  Rule: A delayed event holds back what follows it in its payment, and nothing else

    Scenario: Before its time
      Given a receiver of all payment events
      And the next webhook is to be delayed by 10 minutes
      And a payment of NOK 500.00
      When the customer approves
      Then the receiver gets nothing

    Scenario: At its time
      Given a receiver of all payment events
      And the next webhook is to be delayed by 5 minutes
      And a payment of NOK 500.00 that is approved
      When 5 minutes pass
      Then the receiver gets:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |

    Scenario: Overtaken by another payment
      Given a receiver of CREATED
      And the next webhook is to suffer "reorder"
      And a payment of NOK 500.00
      And a payment of NOK 345.92
      When 0 seconds pass
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |
        | CREATED | NOK 500.00 |

    Scenario: Nobody overtakes it
      Given a receiver of CREATED
      And the next webhook is to suffer "reorder"
      And a payment of NOK 500.00
      When 1 minute passes
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 500.00 |
