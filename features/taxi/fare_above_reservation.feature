Feature: A fare above the hold
  What the passenger has approved is captured in full, and the rest is a payment of its own: asked for
  while the passenger is still in the car, or before the hold is used up.

  Source: taxi companies, recommended flows; ePayment API guide, reserve and capture; the law on price
  offers for taxis.

  @official
  Rule: What is above the hold is asked for at once, and paid by a payment of its own

    @taxi-34
    Scenario: The passenger pays the difference
      Given a ride is under way on a hold of NOK 314.00
      And the ride has ended at NOK 389.50
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And the ride has been "QUOTED > RESERVING > RESERVED > ON_TRIP > FARE_FINAL > CAPTURING > PART_PAID > CAPTURING > RECEIPTED"
      And NOK 389.50 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | create  | -x1     | 201    |
        | receipt | -x1     | 201    |
        | capture | -x1     | 200    |
      And extra payment 1 is spoken of
      And the payment is AUTHORIZED
      And NOK 75.50 is authorized, NOK 75.50 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount    |
        | CREATED    | NOK 75.50 |
        | AUTHORIZED | NOK 75.50 |
        | CAPTURED   | NOK 75.50 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 75.50
      And the receipt has the number of the ride
      And the first payment is spoken of
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CAPTURED   | NOK 314.00 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 314.00
      And the receipt has the number of the ride

    @taxi-35 @mock-only
    Scenario: The passenger declines the difference
      Given a ride is under way on a hold of NOK 314.00
      And the ride has ended at NOK 389.50
      When the passenger declines what was asked last
      Then the ride is in state PART_PAID
      And NOK 314.00 of the ride is paid
      And the driver is told that a request was refused
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | create  | -x1     | 201    |
      And extra payment 1 is spoken of
      And the payment is ABORTED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount    |
        | CREATED | NOK 75.50 |
        | ABORTED | NOK 75.50 |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the first payment is spoken of
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the passenger has a receipt of NOK 314.00

    @taxi-36 @mock-only
    Scenario: Nobody answers the difference, and a code is shown
      Given a ride is under way on a hold of NOK 314.00
      And the ride has ended at NOK 389.50
      And the passenger has not answered what was asked last
      And the passenger was asked again, with a code
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And NOK 389.50 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | create  | -x1     | 201    |
        | create  | -x2     | 201    |
        | receipt | -x2     | 201    |
        | capture | -x2     | 200    |
      And extra payment 1 is spoken of
      And the payment is EXPIRED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount    |
        | CREATED | NOK 75.50 |
        | EXPIRED | NOK 75.50 |
      And the taxi is told of each event by webhook
      And extra payment 2 is spoken of
      And the payment is AUTHORIZED
      And NOK 75.50 is authorized, NOK 75.50 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 75.50

  @official
  Rule: A second hold is asked for on the way, when four fifths of the first are used up

    @taxi-37
    Scenario: The passenger approves it, and what is not used of it is released
      Given a ride is under way on a hold of NOK 314.00
      And the meter has shown NOK 251.20, and a further NOK 200.00 was asked for
      And the passenger has approved what was asked last
      When the ride ends at NOK 389.50
      Then the ride is in state RECEIPTED
      And NOK 389.50 of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | create  | -x1     | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | receipt | -x1     | 201    |
        | capture | -x1     | 200    |
        | cancel  | -x1     | 200    |
      And extra payment 1 is spoken of
      And NOK 200.00 is authorized, NOK 75.50 captured, NOK 124.50 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 200.00 |
        | AUTHORIZED | NOK 200.00 |
        | CAPTURED   | NOK 75.50  |
        | CANCELLED  | NOK 124.50 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 75.50
      And the first payment is spoken of
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 314.00

    @taxi-38 @mock-only
    Scenario: The passenger declines it, and the first hold stays
      Given a ride is under way on a hold of NOK 314.00
      And the meter has shown NOK 251.20, and a further NOK 200.00 was asked for
      When the passenger declines what was asked last
      Then the ride is in state ON_TRIP
      And NOK 0.00 of the ride is paid
      And the driver is told that a request was refused
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
        | create | -x1     | 201    |
      And extra payment 1 is spoken of
      And the payment is ABORTED
      And the taxi is told of each event by webhook
      And the first payment is spoken of
      And the payment is AUTHORIZED
      And NOK 314.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |

    @taxi-37
    Scenario: One minor unit below, nobody is asked
      Given a ride is under way on a hold of NOK 314.00
      When the meter shows NOK 251.19, and a further NOK 200.00 is to be asked for
      Then the ride is in state ON_TRIP
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |

  @assumed
  Rule: A price that was offered for the way is the most that is charged for it

    @taxi-39
    Scenario: The meter shows more than the offer
      Given a ride is under way on a hold of NOK 500.00
      When the ride, offered at NOK 300.00, ends with NOK 345.92 on the meter
      Then the ride is in state RECEIPTED
      And NOK 300.00 of the ride is paid
      And NOK 500.00 is authorized, NOK 300.00 captured, NOK 200.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 300.00 |
        | CANCELLED  | NOK 200.00 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 300.00
      And the receipt has a discount of NOK 45.92

    @taxi-39
    Scenario: The meter shows less than the offer
      Given a ride is under way on a hold of NOK 500.00
      When the ride, offered at NOK 400.00, ends with NOK 345.92 on the meter
      Then NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the passenger has a receipt of NOK 345.92
      And the receipt has a discount of NOK 0.00

    @taxi-40
    Scenario: The passenger has gone somewhere else, and the offer is void
      Given a ride is under way on a hold of NOK 500.00
      When the ride, offered at NOK 300.00, ends elsewhere with NOK 345.92 on the meter
      Then the ride is in state RECEIPTED
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the receipt has a discount of NOK 0.00
