@mock-only
Feature: Rides that are paid long after they were approved
  A hold does not last: the market has a deadline, and the bank may let go before. What is gone is asked
  for again, and what is not needed yet is not asked for.

  Source: ePayment API guide, reserve and capture; the error codes.

  @official
  Rule: Within the time of the market a hold is captured

    @taxi-134 @taxi-135
    Scenario Outline: In <market>, <time> after the approval
      Given a taxi in <market>
      And a ride is under way on a hold of <hold>
      And <time> have passed
      When the ride ends at <fare>
      Then the ride is in state RECEIPTED
      And <fare> of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And <hold> is authorized, <fare> captured, <rest> cancelled and <nothing> refunded
      And the events are:
        | name       | amount |
        | CREATED    | <hold> |
        | AUTHORIZED | <hold> |
        | CAPTURED   | <fare> |
        | CANCELLED  | <rest> |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of <fare>

      Examples:
        | market  | time     | hold       | fare       | rest       | nothing  |
        | Denmark | 13 days  | DKK 500.00 | DKK 345.00 | DKK 155.00 | DKK 0.00 |
        | Finland | 13 days  | EUR 50.00  | EUR 28.50  | EUR 21.50  | EUR 0.00 |
        | Norway  | 179 days | NOK 500.00 | NOK 345.92 | NOK 154.08 | NOK 0.00 |

  @assumed
  Rule: At the deadline the hold is released by itself, and the passenger is asked once more

    @taxi-134 @taxi-135
    Scenario Outline: In <market>, <time> after the approval
      Given a taxi in <market>
      And a ride is under way on a hold of <hold>
      And <time> have passed
      And the ride has ended at <fare>
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And <fare> of the ride is paid
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | create  | -x1     | 201    |
        | receipt | -x1     | 201    |
        | capture | -x1     | 200    |
      And <fare> is authorized, <fare> captured, <nothing> cancelled and <nothing> refunded
      And the events are:
        | name       | amount |
        | CREATED    | <fare> |
        | AUTHORIZED | <fare> |
        | CAPTURED   | <fare> |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of <fare>
      And the first payment is spoken of
      And <hold> is authorized, <nothing> captured, <hold> cancelled and <nothing> refunded
      And the events are:
        | name       | amount |
        | CREATED    | <hold> |
        | AUTHORIZED | <hold> |
        | CANCELLED  | <hold> |
      And the taxi is told of each event by webhook
      And the passenger has no receipt

      Examples:
        | market  | time     | hold       | fare       | nothing  |
        | Denmark | 15 days  | DKK 500.00 | DKK 345.00 | DKK 0.00 |
        | Norway  | 181 days | NOK 500.00 | NOK 345.92 | NOK 0.00 |

  @official
  Rule: Some sales units may capture late

    @taxi-134
    Scenario: A sales unit that may capture late
      Given a merchant in Denmark that may capture late
      And a ride is under way on a hold of DKK 500.00
      And 100 days have passed
      When the ride ends at DKK 345.00
      Then the ride is in state RECEIPTED
      And DKK 500.00 is authorized, DKK 345.00 captured, DKK 155.00 cancelled and DKK 0.00 refunded
      And the taxi is told of each event by webhook
      And the passenger has a receipt of DKK 345.00

  @official
  Rule: After the time of the market, captures and cancels are refused

    @taxi-134 @taxi-135
    Scenario Outline: A capture in <market> after <time>
      Given a taxi in <market>
      And the taxi has asked for <hold>
      And the passenger has approved
      And <time> have passed
      When the taxi captures <fare>
      Then the call is refused because the time to capture is over
      And the taxi is advised to "the hold is gone: ask for a new payment, and note the debt"

      Examples:
        | market  | time     | hold       | fare       |
        | Denmark | 15 days  | DKK 500.00 | DKK 345.00 |
        | Norway  | 181 days | NOK 500.00 | NOK 345.92 |

    @taxi-135
    Scenario: A release in Norway after 181 days
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And 181 days have passed
      When the taxi releases the rest
      Then the call is refused because the time to cancel is over

  @assumed
  Rule: The bank may let go of a hold after some days, so somebody is warned a day before

    @taxi-136
    Scenario: A sweep within the last day
      Given a ride is under way on a hold of NOK 500.00
      And 6 days 1 hour have passed
      When the dispatch sweeps
      Then somebody is warned that the bank may let go of the hold
      And the ride is in state ON_TRIP
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @taxi-136
    Scenario: A sweep before
      Given a ride is under way on a hold of NOK 500.00
      And 5 days 23 hours have passed
      When the dispatch sweeps
      Then nobody is warned
      And the ride is in state ON_TRIP

    @taxi-136 @taxi-137
    Scenario: The bank has let go, and the passenger is asked once more
      Given a dispatch that sends receipts last
      And a ride is under way on a hold of NOK 500.00
      And 8 days have passed
      And the next capture is to fail with 6260
      And the ride has ended at NOK 345.92
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And NOK 345.92 of the ride is paid
      And the dispatch keeps the trace id of the failure with 6260
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | capture | -1      | 400    |
        | create  | -x1     | 201    |
        | capture | -x1     | 200    |
        | receipt | -x1     | 201    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the first payment is spoken of
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the passenger has no receipt

    @taxi-136
    Scenario: The bank has let go, and the receipt went out before
      Given a ride is under way on a hold of NOK 500.00
      And 8 days have passed
      And the next capture is to fail with 6260
      And the ride has ended at NOK 345.92
      When the passenger approves what was asked last
      Then NOK 345.92 of the ride is paid
      And the passenger has a receipt of NOK 345.92
      And the first payment is spoken of
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the passenger has a receipt of NOK 345.92

  @assumed
  Rule: A ride that is ordered long ahead is asked for shortly before

    @taxi-138
    Scenario: When it is ordered
      When the dispatch books a ride on a hold of NOK 500.00, 10 days ahead
      Then the ride is in state QUOTED
      And there is no payment in the unit

    @taxi-138
    Scenario: Two hours before
      Given the dispatch has booked a ride on a hold of NOK 500.00, 10 days ahead
      And 9 days 22 hours have passed
      When the dispatch sweeps
      Then the ride is in state RESERVING
      And the payment is CREATED
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
