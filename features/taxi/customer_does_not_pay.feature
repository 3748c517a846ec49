Feature: Passengers who do not pay
  A passenger declines, does not look, has no money, or asks the bank for a word that takes an hour.
  Nothing is taken that was not approved, and the driver reads in time that another means is needed.

  Source: ePayment API guide, timeouts and error codes; Test environment, special amounts.

  @official @mock-only
  Rule: What was declined or not answered is over, and nothing can be taken of it

    @taxi-50
    Scenario: The passenger declines
      Given a passenger who rejects
      When the taxi drives a ride of NOK 345.92
      Then the ride is declined
      And the payment is ABORTED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |
        | ABORTED | NOK 345.92 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "The passenger declined: take a card or cash"

    @taxi-50
    Scenario: A capture all the same
      Given a passenger who rejects
      And the taxi has driven a ride of NOK 345.92
      When the taxi captures NOK 345.92
      Then the call is refused because nothing can be captured
      And nothing has happened to the payment
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | capture     | 400    |

    @taxi-50
    Scenario: A release all the same
      Given a passenger who rejects
      And the taxi has driven a ride of NOK 345.92
      When the taxi releases the rest
      Then the call is refused because nothing can be cancelled
      And nothing has happened to the payment
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | cancel      | 400    |

    @taxi-51
    Scenario: A second before the ten minutes are over
      Given a passenger who never answers
      And the taxi has asked for NOK 345.92
      When 9 minutes 59 seconds pass
      Then the payment is CREATED
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the driver reads "Waiting for the passenger"

    @taxi-51
    Scenario: Nobody answers for ten minutes
      Given a passenger who never answers
      When the taxi drives a ride of NOK 345.92
      Then the ride is not answered in time
      And the payment is EXPIRED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |
        | EXPIRED | NOK 345.92 |
      And the EXPIRED event is 10 minutes after the CREATED event
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "Timed out: ask again, or take a card or cash"

  @official @mock-only
  Rule: The passenger has all of the ten minutes, whatever the driver's patience

    @taxi-52
    Scenario: After three minutes nothing is decided
      Given the dispatch has asked for NOK 345.92
      And 3 minutes have passed
      When the dispatch looks
      Then the ride is in state RESERVING
      And the payment is CREATED
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the driver reads "Waiting for the passenger"

    @taxi-52
    Scenario: An approval a second before the end is taken
      Given the dispatch has asked for NOK 345.92
      And 9 minutes 59 seconds have passed
      And the passenger has approved
      When the dispatch looks
      Then the ride is in state RECEIPTED
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
      And the taxi is told of each event by webhook

    @taxi-53
    Scenario: An approval in the last second beats the end
      Given a passenger who approves in the last second
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the payment is AUTHORIZED
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the AUTHORIZED event is 9 minutes 59 seconds after the CREATED event
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | receipt     | 201    |
        | capture     | 200    |
      And the taxi is told of each event by webhook
      And the driver reads "Paid: NOK 345.92"

    @taxi-53
    Scenario: No end comes after it
      Given a passenger who approves in the last second
      And the taxi has driven a ride of NOK 345.92
      When 1 day passes
      Then nothing has happened to the payment
      And the taxi is told of each event by webhook

  @assumed @mock-only
  Rule: A card that is refused decides nothing: the passenger may take another one until time is up

    @taxi-54 @taxi-55 @taxi-56
    Scenario Outline: <reason>
      Given the taxi has asked for <amount>
      When the customer tries to pay
      Then the customer is told "<reason>"
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount   |
        | CREATED | <amount> |
      And the taxi is told of each event by webhook
      And the driver reads "Waiting for the passenger"

      Examples: No money
        | amount   | reason             |
        | NOK 1.51 | insufficient funds |

      Examples: No good card
        | amount   | reason                    |
        | NOK 1.82 | refused by issuer         |
        | NOK 1.83 | suspected fraud           |
        | NOK 1.84 | withdrawal limit exceeded |
        | NOK 1.86 | expired card              |
        | NOK 1.87 | invalid card              |

      Examples: No proof of who pays
        | amount   | reason                                  |
        | NOK 1.97 | 3-D Secure denied                       |
        | NOK 2.02 | strong customer authentication required |

    @taxi-54 @taxi-55 @taxi-56
    Scenario Outline: A ride of <amount> that nobody's card can pay
      Given a passenger who approves at once
      When the taxi drives a ride of <amount>
      Then the ride is not answered in time
      And the payment is EXPIRED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount   |
        | CREATED | <amount> |
        | EXPIRED | <amount> |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt
      And the driver reads "Timed out: ask again, or take a card or cash"

      Examples:
        | amount   |
        | NOK 1.51 |
        | NOK 1.86 |
        | NOK 2.02 |

    @taxi-56
    Scenario Outline: Only Norwegian banks are asked who pays: <amount>
      Given a taxi in <market>
      And a passenger who approves at once
      When the taxi drives a ride of <amount>
      Then the ride is paid
      And <amount> is authorized, <amount> captured, <nothing> cancelled and <nothing> refunded
      And the events are:
        | name       | amount   |
        | CREATED    | <amount> |
        | AUTHORIZED | <amount> |
        | CAPTURED   | <amount> |
      And the taxi is told of each event by webhook

      Examples:
        | market  | amount   | nothing  |
        | Denmark | DKK 1.97 | DKK 0.00 |
        | Finland | EUR 2.02 | EUR 0.00 |

  @assumed @mock-only
  Rule: Nobody is asked twice while the bank has not answered

    @taxi-57
    Scenario: The taxi waits, and cannot take the request back
      Given a passenger who approves at once
      And the dispatch has asked for NOK 2.01
      When the dispatch waits
      Then the ride has been "QUOTED > RESERVING"
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount   |
        | CREATED | NOK 2.01 |
      And the taxi's new payment is answered with 201
      And the taxi's cancel is answered with 400, 400, 400, 400, 400
      And the taxi sends no capture
      And the taxi is told of each event by webhook
      And the driver reads "Waiting for the passenger"

    @taxi-57
    Scenario: The bank has answered after an hour
      Given a passenger who approves at once
      And the dispatch has asked for NOK 2.01
      And 1 hour has passed
      When the dispatch sweeps
      Then the ride is in state RECEIPTED
      And NOK 2.01 is authorized, NOK 2.01 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount   |
        | CREATED    | NOK 2.01 |
        | AUTHORIZED | NOK 2.01 |
        | CAPTURED   | NOK 2.01 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
      And the taxi is told of each event by webhook
      And the driver reads "Paid: NOK 2.01"

    @taxi-57
    Scenario: The bank has answered after the taxi gave up
      Given a passenger who approves at once
      And the dispatch has asked for NOK 2.01
      And the dispatch has waited
      And 1 hour has passed
      When the dispatch sweeps
      Then the ride is in state RECEIPTED
      And NOK 2.01 is authorized, NOK 2.01 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi's new payment is answered with 201
      And the taxi is told of each event by webhook

  @official @mock-only
  Rule: A request that is over is followed by a new one under the next name

    @taxi-58
    Scenario: The passenger declines, then approves
      Given a customer told to "once: reject, then approve after 5s"
      And the dispatch has asked for NOK 345.92
      And the dispatch has waited
      And the passenger was asked again
      When the dispatch waits
      Then the ride has been "QUOTED > RESERVING > PAY_ABORTED > RESERVING > FARE_FINAL > CAPTURING > RECEIPTED"
      And the first request stays ABORTED
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | create  | -2      | 201    |
        | receipt | -2      | 201    |
        | capture | -2      | 200    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
