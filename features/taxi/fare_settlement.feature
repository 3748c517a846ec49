Feature: Settling a fare
  What the taxi may take of a hold, and what it gives back.

  Source: ePayment API guide, reserve and capture, and error codes.

  @official
  Rule: A hold is captured after approval, in parts or at once, up to its amount

    @taxi-22
    Scenario: A stop on the way, then the end, then the release of the rest
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      And the taxi has captured NOK 145.92 as a second part
      When the taxi releases the rest
      Then the call succeeds
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |
        | CAPTURED   | NOK 145.92 |
        | CANCELLED  | NOK 154.08 |
      And no two events share a pspReference
      And the taxi is told of each event by webhook

    @taxi-22
    Scenario: The second part comes on top of the first
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 145.92 as a second part
      Then the taxi sees NOK 345.92 captured
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @taxi-23
    Scenario: Before the passenger has approved
      Given the taxi has asked for NOK 500.00
      When the taxi captures NOK 345.92
      Then the call is refused because the passenger has not approved
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And nothing has happened to the payment

    @taxi-24
    Scenario: More than the hold
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      When the taxi captures NOK 500.01
      Then the call is refused because it is more than was reserved
      And the taxi's capture is answered with 400
      And the taxi has not waited
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And nothing has happened to the payment

  @assumed
  Rule: A hold is captured in its own currency

    @taxi-26
    Scenario: In another one
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      When the taxi captures EUR 345.92
      Then the call is refused because it is not the currency of the unit
      And the taxi is advised to "charge in the currency of the sales unit's market"
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And nothing has happened to the payment

  @official
  Rule: The rest of a hold is released, once and for good

    Scenario: The fare is the hold, and there is no rest
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      And the taxi has captured NOK 345.92
      When the taxi releases the rest
      Then the call is refused because everything is captured already
      And nothing has happened to the payment

    @taxi-25
    Scenario: Nothing is left to capture
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 345.92
      And the taxi has released the rest
      When the taxi captures NOK 100.00 as a second part
      Then the call is refused because it is released already
      And the taxi is advised to "the hold was released: ask for a new payment"
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And nothing has happened to the payment

  @assumed @mock-only
  Rule: A release that fails is made again under its key, and what was captured stays

    @taxi-28
    Scenario: The release fails after the capture
      Given the taxi has asked for NOK 345.92 on a hold of NOK 500.00
      And the passenger has approved
      And the next cancel is to fail with 3010
      When the taxi settles the ride
      Then the ride is paid
      And the taxi's capture is answered with 200
      And the taxi's cancel is answered with 500, 200
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

  @official @mock-only
  Rule: Some sales units must capture everything at once

    @taxi-27
    Scenario: A part is refused
      Given a taxi that may not capture in parts
      And the taxi has asked for NOK 500.00
      And the passenger has approved
      When the taxi captures NOK 345.92
      Then the call is refused because parts cannot be captured
      And the taxi is advised to "this sales unit captures all or nothing: charge the exact fare in a new payment"
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And nothing has happened to the payment

  @assumed @mock-only
  Rule: A capture that fails for now is made again under its key, and counted once

    @taxi-30 @taxi-32
    Scenario Outline: A capture that <what>
      Given the taxi has asked for NOK 345.92 on a hold of NOK 500.00
      And the passenger has approved
      And the next capture is to fail with <code>
      When the taxi settles the ride
      Then the ride is paid
      And the taxi's capture is answered with <status>, 200
      And 2 seconds have passed on the clock
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

      Examples:
        | what                          | code | status |
        | meets another one             | 6160 | 423    |
        | the bank cannot make just now | 6280 | 400    |

  @assumed
  Rule: Nobody pays for a ride that is free

    @taxi-33
    Scenario: The passenger has a voucher
      Given a passenger who approves
      When the taxi drives a ride of NOK 0.00 on a hold of NOK 314.00
      Then the ride is paid
      And the taxi sends no capture
      And the taxi's cancel is answered with 200
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 314.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CANCELLED  | NOK 314.00 |
      And the taxi is told of each event by webhook
      And the passenger has no receipt

  @assumed @mock-only
  Rule: A release that failed for good is found by the sweep, and made then

    @taxi-29
    Scenario: The API is down when the rest is to be released
      Given a ride is under way on a hold of NOK 500.00
      And the next 5 cancels are to fail with 3010
      And the ride has ended at NOK 345.92
      And 10 minutes have passed
      When the dispatch sweeps
      Then the ride is in state RECEIPTED
      And the taxi's cancel is answered with 500, 500, 500, 500, 500, 200
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

  @official @mock-only
  Rule: Where parts cannot be captured, the fare is asked for anew, or the difference given back

    @taxi-27
    Scenario: The hold is let go, and the exact fare asked for
      Given a taxi that may not capture in parts
      And a dispatch that sends receipts last
      And a ride is under way on a hold of NOK 500.00
      And the ride has ended at NOK 345.92
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | capture | -1      | 400    |
        | cancel  | -1      | 200    |
        | create  | -x1     | 201    |
        | capture | -x1     | 200    |
        | receipt | -x1     | 201    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the first payment is spoken of
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 500.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CANCELLED  | NOK 500.00 |
      And the taxi is told of each event by webhook
      And the passenger has no receipt

    @taxi-27
    Scenario: All of it is captured, and the difference given back
      Given a taxi that may not capture in parts
      And a dispatch that sends receipts last
      And a dispatch that gives back what it may not leave uncaptured
      And a ride is under way on a hold of NOK 500.00
      When the ride ends at NOK 345.92
      Then the ride is in state REFUNDED
      And NOK 345.92 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | capture | -1      | 400    |
        | capture | -1      | 200    |
        | refund  | -1      | 200    |
        | receipt | -1      | 201    |
      And NOK 500.00 is authorized, NOK 500.00 captured, NOK 0.00 cancelled and NOK 154.08 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 500.00 |
        | REFUNDED   | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

  @assumed @mock-only
  Rule: What the bank has let go is asked for anew

    @taxi-31
    Scenario: The capture finds no funds
      Given a dispatch that sends receipts last
      And a ride is under way on a hold of NOK 500.00
      And the next capture is to fail with 6260
      And the ride has ended at NOK 345.92
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And the dispatch keeps the trace id of the failure with 6260
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
      And the first payment is spoken of
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the passenger has no receipt
