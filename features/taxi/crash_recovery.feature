Feature: A dispatch that dies, and starts again
  Each call is written down before it is made. Whoever starts again reads what was intended, asks what
  came of it, and goes on; keys are made from the ride, so that nothing happens twice.

  Source: taxi companies, recommended flows; ePayment API guide, idempotency.

  @official
  Rule: Nobody is asked twice

    @taxi-120
    Scenario: The dispatch dies before it asks
      Given the dispatch will die before it can ask
      And the dispatch has booked a ride on a hold of NOK 500.00
      When the dispatch starts again
      Then the ride is in state RESERVING
      And the taxi looks 1 times, and is always answered with 404
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount     |
        | CREATED | NOK 500.00 |
      And the taxi is told of each event by webhook

    @taxi-121
    Scenario: The dispatch dies before it hears that it has asked
      Given the dispatch will die before it hears what came of the request
      And the dispatch has booked a ride on a hold of NOK 500.00
      When the dispatch starts again
      Then the ride is in state RESERVING
      And the taxi looks 1 times, and is always answered with 200
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the payment is CREATED
      And the events are:
        | name    | amount     |
        | CREATED | NOK 500.00 |
      And the taxi is told of each event by webhook

    @taxi-122
    Scenario: The passenger approves while the dispatch is dead
      Given the dispatch has booked a ride on a hold of NOK 500.00
      And the passenger has approved
      When the dispatch starts again
      Then the ride is in state RESERVED
      And the ride has been "QUOTED > RESERVING > RESERVED"
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
      And the taxi is told of each event by webhook
      And the passenger has no receipt

  @official
  Rule: Nothing is captured twice, and nothing stays held

    @taxi-123
    Scenario Outline: The dispatch dies before it <moment>
      Given a ride is under way on a hold of NOK 500.00
      And the dispatch will die before it <moment>
      And the ride has ended at NOK 345.92
      When the dispatch starts again
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And the payment is AUTHORIZED
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
        | moment                                  |
        | can send the receipt                    |
        | hears what came of the receipt |
        | can capture                             |
        | hears what came of the capture          |
        | can release                             |
        | hears what came of the release          |

  @official
  Rule: A receipt is stored once, and never for money that was not taken

    @taxi-124 @taxi-125
    Scenario Outline: Receipts go out last, and the dispatch dies before it <moment>
      Given a dispatch that sends receipts last
      And a ride is under way on a hold of NOK 500.00
      And the dispatch will die before it <moment>
      And the ride has ended at NOK 345.92
      When the dispatch starts again
      Then the ride is in state RECEIPTED
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
        | receipt | -1      | 201    |
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
        | moment                                  |
        | hears what came of the release          |
        | can send the receipt                    |
        | hears what came of the receipt |

  @official
  Rule: Two that recover the same ride do it once

    @taxi-126
    Scenario: Two back ends start at the same time
      Given a ride is under way on a hold of NOK 500.00
      And the dispatch will die before it can capture
      And the ride has ended at NOK 345.92
      When two dispatches start again at the same time
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

  @official
  Rule: A ride can be found again by its name alone

    @taxi-127
    Scenario: The journal is lost when the ride is paid
      Given a ride is under way on a hold of NOK 500.00
      And the ride has ended at NOK 345.92
      When the journal is lost, and the ride of NOK 345.92 is known to the taximeter alone
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook

    @taxi-127
    Scenario: The journal is lost while the passenger is under way
      Given a ride is under way on a hold of NOK 500.00
      When the journal is lost, and the ride of NOK 345.92 is known to the taximeter alone
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the passenger has a receipt of NOK 345.92

  @assumed
  Rule: A payment that nobody has written down is reported, and its money is left alone

    Scenario: A webhook tells of a payment that is no ride of ours
      Given a ride is under way on a hold of NOK 500.00
      And a payment of NOK 100.00 that is approved
      When the dispatch hears of it by webhook
      Then the dispatch reports that nobody knows the payment
      And nothing has happened to the payment
      And NOK 100.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
