@assumed @mock-only
Feature: Sales units
  Every sales unit is a world of its own, so that tests run side by side.

  Source: our own control API.

  Rule: A new unit comes with keys of its own

    Scenario Outline: A unit in <market>
      When the tester creates a sales unit in <market>
      Then the unit pays in <currency>
      And the merchant's keys are accepted

      Examples:
        | market  | currency |
        | Norway  | NOK      |
        | Denmark | DKK      |
        | Finland | EUR      |

    Scenario: A market that is none
      When the tester creates a sales unit in the market "SE"
      Then the control API refuses with 400

    Scenario: A unit that is dropped
      When the tester drops the sales unit
      Then the merchant's keys are refused

  Rule: What happens in one unit stays there

    Scenario: Time
      Given a payment of NOK 345.92
      When 1 hour passes for another merchant
      Then the payment is CREATED

    Scenario: A reset
      Given a payment of NOK 345.92
      When the tester resets another merchant's sales unit
      Then nothing has happened to the payment

  Rule: A reset empties a unit and leaves its keys

    Scenario: Payments, receipts and registrations are gone
      Given a receiver of all payment events
      And a payment of NOK 345.92 with the receipt of a ride
      When the tester resets the sales unit
      Then there is no payment in the unit
      And no registration is left
      And nothing is stored for the order

    Scenario: The clock is real again
      When the tester resets the sales unit
      Then the clock is no longer frozen

  Rule: Nobody takes the mock for the real thing

    Scenario Outline: <case>
      When the merchant reads the path "<path>"
      Then the answer is marked as the mock's

      Examples:
        | case                | path                            |
        | A path that is none | /nothing/here                   |
        | An unknown payment  | /epayment/v1/payments/ride-9999 |
        | Health              | /control/v1/health              |
        | An unknown unit     | /control/v1/sales-units/1       |

    Scenario: A refusal says which rule decided
      Given a payment of NOK 345.92
      When the merchant captures NOK 345.92
      Then the answer says which rule decided
