Feature: Money back
  What was captured too much is given back, as often as somebody has decided to. The receipt stays as
  it is.

  Source: ePayment API guide, refund, and error codes; Test environment, special amounts; Order
  Management API guide.

  Background:
    Given the taxi has asked for NOK 500.00

  @official
  Rule: What is captured can be given back, and no more

    @taxi-91
    Scenario: The whole fare
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi gives back NOK 345.92
      Then the call succeeds
      And the taxi's refund is answered with 200
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 345.92 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
        | REFUNDED   | NOK 345.92 |
      And the taxi is told of each event by webhook

    @taxi-92
    Scenario: A part, for a detour
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      When the taxi gives back NOK 50.00
      Then the call succeeds
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 50.00 refunded

    @taxi-92
    Scenario: A second part
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has given back NOK 50.00
      When the taxi gives back NOK 50.00 as a second decision
      Then the call succeeds
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 100.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | REFUNDED   | NOK 50.00  |
        | REFUNDED   | NOK 50.00  |
      And the taxi is told of each event by webhook

    @taxi-92
    Scenario: More than is left of the fare
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has given back NOK 50.00
      When the taxi gives back NOK 295.93 as a second decision
      Then the call is refused because it is more than was captured
      And the taxi is advised to "less than that is left to refund: read the payment"
      And nothing has happened to the payment

  Rule: What is only held is released instead

    @official @taxi-93
    Scenario: Nobody has approved
      When the taxi gives back NOK 100.00
      Then the call is refused because nothing is captured yet
      And nothing has happened to the payment

    @assumed @taxi-93
    Scenario: The passenger has approved, and nothing is captured
      Given the passenger has approved
      When the taxi gives back NOK 100.00
      Then the call is refused because nothing is captured yet
      And the taxi is advised to "nothing is captured: release the hold instead"
      And nothing has happened to the payment

    @official @taxi-93
    Scenario: The taxi lets go of the hold
      Given the passenger has approved
      And the taxi has been refused to give back NOK 100.00
      When the taxi releases the rest
      Then the call succeeds
      And the taxi's refund is answered with 400
      And the taxi's cancel is answered with 200
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 500.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CANCELLED  | NOK 500.00 |
      And the taxi is told of each event by webhook

  Rule: What cannot be given back has to be paid back by other means

    @official @mock-only @taxi-94
    Scenario: The last day but one of the year
      Given the passenger has approved
      And the taxi has captured NOK 500.00
      And 364 days have passed
      When the taxi gives back NOK 345.92
      Then the call succeeds
      And NOK 500.00 is authorized, NOK 500.00 captured, NOK 0.00 cancelled and NOK 345.92 refunded

    @official @mock-only @taxi-94
    Scenario: After a year
      Given the passenger has approved
      And the taxi has captured NOK 500.00
      And 366 days have passed
      When the taxi gives back NOK 345.92
      Then the call is refused because it was captured too long ago
      And the taxi is advised to "it is too late for a refund: pay what is owed by bank transfer"
      And nothing has happened to the payment

    @assumed @taxi-95
    Scenario: The account it came from is gone
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      When the taxi gives back NOK 1.23
      Then the call is refused because it cannot be refunded
      And the taxi is advised to "this payment takes no refund: read it, and pay what is owed by bank transfer"
      And nothing has happened to the payment

  @official
  Rule: A receipt stays, whatever is given back

    @taxi-96
    Scenario: The passenger disputes the fare
      Given the passenger has approved
      And the taxi has sent the receipt of NOK 345.92
      And the taxi has captured NOK 345.92
      And the taxi has shown a link to "https://taxi.example/receipts/1"
      And the taxi has given back NOK 50.00
      When the taxi shows a link to "https://taxi.example/credit-notes/1"
      Then the passenger sees a link to "https://taxi.example/credit-notes/1"
      And the passenger has a receipt of NOK 345.92
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 50.00 refunded

    @taxi-96
    Scenario: Another receipt in place of the first
      Given the passenger has approved
      And the taxi has sent the receipt of NOK 345.92
      When the taxi sends the receipt of NOK 295.92
      Then the call is refused because there is a receipt already
      And the passenger has a receipt of NOK 345.92

  @official
  Rule: One decision to give money back is one refund

    @taxi-97
    Scenario: The button is pressed twice
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has given back NOK 50.00
      When the taxi gives back NOK 50.00 under the same key
      Then the call succeeds
      And the taxi's refund is answered with 200, 200
      And the taxi's refund is given the same answer each time
      And nothing has happened to the payment

    @taxi-97
    Scenario: Another sum by the same decision
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has given back NOK 50.00
      When the taxi gives back NOK 60.00 under the same key
      Then the call is refused because the key was used for another refund
      And nothing has happened to the payment

    @taxi-97
    Scenario: The answer to the refund gets lost
      Given the passenger has approved
      And the taxi has captured NOK 345.92
      And the first answer to the taxi's refund gets lost
      When the taxi gives back NOK 50.00
      Then the call succeeds
      And the taxi's refund is answered with nothing, 200
      And the taxi's refund is given the same answer each time
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 50.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | REFUNDED   | NOK 50.00  |
      And the taxi is told of each event by webhook
