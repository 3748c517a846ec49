@mock-only
Feature: What a sales unit may do
  The platform approves each sales unit for what it needs. The rest is refused when it is tried.

  Source: ePayment API guide, features; ePayment API guide, error codes.

  @assumed
  Rule: A payment that needs an approval is refused without it

    Scenario Outline: A merchant that may not <permission>
      Given a merchant that may not <permission>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused with <code> "<title>"
      And no payment has come of it

      Examples:
        | permission                  | field         | value                          | code | title                           |
        | push                        | userFlow      | "PUSH_MESSAGE"                 | 5080 | PUSH_MESSAGE not allowed        |
        | choose when payments expire | expiresAt     | "2999-01-01T00:00:00Z"         | 5050 | Long-living payment not allowed |
        | ask who customers are       | profile.scope | "name"                         | 5030 | Illegal scope                   |
        | ask for identity numbers    | profile.scope | "name nin"                     | 5030 | Illegal scope                   |

    Scenario: A merchant that may not use Express
      Given a merchant that may not use Express
      When the merchant asks for NOK 345.92 with these members:
        | profile.scope | "address" |
        | shipping      | {"fixedOptions":[{"type":"MAILBOX","brand":"POSTEN","options":[{"id":"post","name":"By post","amount":{"currency":"NOK","value":4900}}]}]} |
      Then the request is refused with 5020 "Express payment not allowed"
      And no payment has come of it

    Scenario: A merchant that may ask for identity numbers
      Given a merchant in Norway that may ask for identity numbers
      When the merchant asks for NOK 345.92 with profile.scope set to "name nin"
      Then the request is accepted

    Scenario: A merchant without any profile sharing may still be paid
      Given a merchant that may not ask who customers are
      When the merchant asks for NOK 345.92
      Then the request is accepted

    Scenario: A bank account that is not verified
      Given a merchant whose bank account is not verified
      When the merchant asks for NOK 345.92
      Then the request is refused with 5060 "Merchant bank account not verified"
      And no payment has come of it

  @assumed
  Rule: A sales unit that is not set up for refunds gives nothing back

    Scenario: A captured payment
      Given a merchant that may not give money back
      And a payment of NOK 500.00 that is captured in full
      When the merchant refunds NOK 100.00
      Then the request is refused with 5100 "Refund not possible"
      And nothing has happened to the payment

    Scenario: A payment with nothing to give back is refused for that
      Given a merchant that may not give money back
      And a payment of NOK 500.00 that is approved
      When the merchant refunds NOK 100.00
      Then the request is refused with 6020 "Attempted refund before reservation"

  @official
  Rule: Commercial cards can be blocked outside Norway only

    Scenario: In Norway
      When the merchant asks for NOK 345.92 with paymentMethod.blockedSources set to ["COMMERCIAL_CARDS"]
      Then the request is refused with 5010 "Blocking sources not applicable"
      And no payment has come of it

    Scenario Outline: In <market>
      Given a merchant in <market>
      When the merchant asks for <amount> with paymentMethod.blockedSources set to ["COMMERCIAL_CARDS"]
      Then the request is accepted

      Examples:
        | market  | amount     |
        | Denmark | DKK 345.92 |
        | Finland | EUR 345.92 |
