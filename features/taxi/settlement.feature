Feature: Settling a fare
  What the taxi may take of a hold, and what it gives back.

  Source: ePayment API guide, reserve and capture, idempotency, and error codes.

  @official
  Rule: A hold is captured after approval, up to its amount

    Scenario: Before the passenger has approved
      Given the taxi has asked for NOK 500.00
      When the taxi captures NOK 345.92
      Then the call is refused because the passenger has not approved
      And nothing has happened to the payment

    Scenario: More than the hold
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      When the taxi captures NOK 500.01
      Then the call is refused because it is more than was reserved
      And the taxi has not waited
      And nothing has happened to the payment

    Scenario: A stop on the way, then the end
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 145.92 as a second part
      Then the taxi sees NOK 345.92 captured
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @mock-only
    Scenario: A sales unit that must capture everything at once
      Given a taxi that may not capture in parts
      And the taxi has asked for NOK 500.00
      And the passenger has approved
      When the taxi captures NOK 345.92
      Then the call is refused because parts cannot be captured
      And nothing has happened to the payment

  @official
  Rule: The rest of a hold is released, once

    Scenario: After the fare is captured
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      When the taxi releases the rest
      Then the call succeeds
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded

    Scenario: Nothing is left to capture
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi captures NOK 100.00 as a second part
      Then the call is refused because it is released already
      And nothing has happened to the payment

    Scenario: Releasing twice
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi releases the rest
      Then the call succeeds
      And nothing has happened to the payment

    Scenario: There is no rest
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      And the taxi has captured NOK 345.92
      When the taxi releases the rest
      Then the call is refused because everything is captured already
      And nothing has happened to the payment

  @official
  Rule: A capture under one key is counted once

    Scenario: The taxi captures twice
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 200.00 under the same key
      Then the taxi sees NOK 200.00 captured
      And nothing has happened to the payment

    Scenario: Another amount under the key
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 345.92 under the same key
      Then the call is refused because the key was used for another amount
      And nothing has happened to the payment

    Scenario: The answer to the capture gets lost
      Given a passenger who approves
      And the first answer to the taxi's capture gets lost
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |

  @official
  Rule: A driver who gives up does not take an approval away

    Scenario: Nobody has answered
      Given the taxi has asked for NOK 345.92
      When the taxi withdraws the request
      Then the call succeeds
      And the payment is TERMINATED

    Scenario: The passenger was faster
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      When the taxi withdraws the request
      Then the call is refused because the passenger approved first
      And nothing has happened to the payment
