Feature: Rides that are not driven
  An order is called off, a driver gives up, a passenger does not come. What nobody has approved is
  withdrawn, what is held is let go, and a fee is taken where the passenger has agreed to one.

  Source: ePayment API guide, cancel, and error codes.

  @official
  Rule: What nobody has approved is withdrawn, and is over

    @taxi-41
    Scenario: Before approval
      Given the taxi has asked for NOK 314.00
      When the taxi cancels the order
      Then the call succeeds
      And the payment is TERMINATED
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | TERMINATED | NOK 314.00 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | cancel      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "Withdrawn: ask again when you like"

    @mock-only @taxi-41
    Scenario: The passenger cannot approve any more
      Given the taxi has asked for NOK 314.00
      And the taxi has cancelled the order
      When the customer tries to approve
      Then the customer is too late
      And nothing has happened to the payment
      And the taxi is told of each event by webhook

  @official
  Rule: What is held is let go in full when the ride is called off before pick-up

    @taxi-42
    Scenario: After approval
      Given the taxi's app has booked a ride on a hold of NOK 314.00
      And the passenger has approved
      When the ride is called off
      Then the ride is in state CANCELLED_BEFORE_PICKUP
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 314.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CANCELLED  | NOK 314.00 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | cancel      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "Cancelled: nothing is charged"

  @official
  Rule: A driver who gives up does not take an approval away

    @taxi-43
    Scenario: Nobody has answered
      Given the taxi has asked for NOK 314.00
      When the taxi withdraws the request
      Then the call succeeds
      And the payment is TERMINATED
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | TERMINATED | NOK 314.00 |
      And the taxi is told of each event by webhook
      And the driver reads "Withdrawn: ask again when you like"

    @taxi-43
    Scenario: The passenger was faster
      Given the taxi has asked for NOK 314.00
      And the passenger has approved
      When the taxi withdraws the request
      Then the call is refused because the passenger approved first
      And the taxi is advised to "the passenger approved after all: go on with the ride, or release the hold"
      And nothing has happened to the payment
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook

    @mock-only @taxi-43
    Scenario: Both at the same moment
      Given the taxi has asked for NOK 314.00
      When the taxi withdraws the request while the passenger approves
      Then one of them has won: the payment is either withdrawn or approved
      And the taxi is told of each event by webhook

  @assumed @mock-only
  Rule: Who is confirming just now is not interrupted

    @taxi-44
    Scenario: The bank has not answered
      Given a passenger who approves at once
      And the taxi has asked for NOK 2.01
      When the taxi cancels the order
      Then the call is refused because the passenger is paying just now
      And the taxi is advised to "the payment is busy: repeat the same call with the same key in a moment"
      And the taxi's cancel is answered with 400, 400, 400, 400, 400
      And nothing has happened to the payment
      And the payment is CREATED

    @taxi-44
    Scenario: The bank has approved meanwhile
      Given a passenger who approves at once
      And the taxi has asked for NOK 2.01
      And the taxi has been refused a cancellation
      And 1 hour has passed
      When the taxi cancels the order under the next key
      Then the call succeeds
      And the payment is AUTHORIZED
      And NOK 2.01 is authorized, NOK 0.00 captured, NOK 2.01 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount   |
        | CREATED    | NOK 2.01 |
        | AUTHORIZED | NOK 2.01 |
        | CANCELLED  | NOK 2.01 |
      And the taxi is told of each event by webhook

    @taxi-44
    Scenario: The passenger has let it be meanwhile
      Given the taxi has asked for NOK 314.00
      And the next cancel is to fail with 6250
      And the taxi has been refused a cancellation
      When the taxi cancels the order under the next key
      Then the call succeeds
      And the payment is TERMINATED
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | TERMINATED | NOK 314.00 |
      And the taxi is told of each event by webhook

    @taxi-44
    Scenario: Another call works on the payment
      Given the taxi has asked for NOK 314.00
      And the passenger has approved
      And the next cancel is to fail with 6160
      When the taxi cancels the order
      Then the call succeeds
      And the taxi's cancel is answered with 423, 200
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 314.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CANCELLED  | NOK 314.00 |
      And the taxi is told of each event by webhook

  Rule: A release is made once, however often somebody taps

    @official @taxi-45
    Scenario: The same tap arrives twice
      Given the taxi has asked for NOK 314.00
      And the passenger has approved
      And the taxi has cancelled the order
      When the taxi cancels the order
      Then the call succeeds
      And the taxi's cancel is answered with 200, 200
      And the taxi's cancel is given the same answer each time
      And nothing has happened to the payment
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 314.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook

    @official @taxi-45
    Scenario: The rest is released twice
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi releases the rest
      Then the call succeeds
      And the taxi's cancel is given the same answer each time
      And nothing has happened to the payment
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded

    @assumed @taxi-45
    Scenario Outline: A second tap with a key of its own, <when>
      Given a payment of NOK 314.00 that <situation>
      When the merchant cancels the payment
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | when                | situation                     | code | title                                |
        | after the release   | is released in full           | 6050 | Cannot cancel a non-reserved payment |
        | after the withdrawal | was cancelled before approval | 6190 | Payment cannot be cancelled          |

  @assumed
  Rule: Who does not come owes what was agreed, and no more

    @taxi-46
    Scenario: A fee is in the terms
      Given the taxi's app has booked a ride on a hold of NOK 314.00
      And the passenger has approved
      When the passenger is not there, for a fee of NOK 97.00
      Then the ride is in state NO_SHOW
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 97.00 captured, NOK 217.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CAPTURED   | NOK 97.00  |
        | CANCELLED  | NOK 217.00 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And the taxi is told of each event by webhook
      And the passenger's receipt has the lines:
        | name        | with tax | without tax | tax   | rate |
        | No-show fee | 97.00    | 86.61       | 10.39 | 1200 |

    @taxi-47
    Scenario: No fee is in the terms
      Given the taxi's app has booked a ride on a hold of NOK 314.00
      And the passenger has approved
      When the passenger is not there, for a fee of NOK 0.00
      Then the ride is in state NO_SHOW
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 314.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CANCELLED  | NOK 314.00 |
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
        | cancel | -1      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "Cancelled: nothing is charged"

    @taxi-48
    Scenario: The driver ends the ride on the way
      Given the taxi's app has booked a ride on a hold of NOK 500.00
      And the passenger has approved
      And the passenger has boarded
      When the ride ends at NOK 128.00
      Then the ride is in state RECEIPTED
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 128.00 captured, NOK 372.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 128.00 |
        | CANCELLED  | NOK 372.00 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 128.00

  @official
  Rule: What is captured is given back, not released

    @taxi-49
    Scenario: A release after all is captured
      Given the taxi has asked for NOK 314.00
      And the passenger has approved
      And the taxi has captured NOK 314.00
      When the taxi cancels the order
      Then the call is refused because everything is captured already
      And the taxi is advised to "all of it is captured: refund instead"
      And nothing has happened to the payment

    @taxi-49
    Scenario: The refund instead
      Given the taxi has asked for NOK 314.00
      And the passenger has approved
      And the taxi has captured NOK 314.00
      And the taxi has been refused a cancellation
      When the taxi gives back NOK 314.00
      Then the call succeeds
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 314.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CAPTURED   | NOK 314.00 |
        | REFUNDED   | NOK 314.00 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | capture     | 200    |
        | cancel      | 400    |
        | refund      | 200    |
      And the taxi is told of each event by webhook
