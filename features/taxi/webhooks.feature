Feature: Webhooks on their way to the taxi
  A webhook is the quick way to hear of an answer, and asking is the sure one. The taxi verifies what
  was registered and the bytes as they came, counts what comes again once, and believes of the money
  only what it reads itself.

  Source: Webhooks API guide, request authentication and retries; ePayment API guide, polling.

  @official @mock-only
  Rule: An answer is heard of by webhook, or found by asking

    Scenario: By webhook
      Given a passenger who approves after 30 seconds
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi was told by webhook
      And the taxi is told of each event by webhook

    @taxi-101
    Scenario: All webhooks get lost, and the first look finds the answer
      Given a passenger who approves at once
      And a taxi whose webhooks get lost
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi found out by asking
      And the taxi looks 2 times, and is always answered with 200
      And 5 seconds have passed on the clock
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @taxi-101
    Scenario Outline: All webhooks get lost, and the passenger <habit>
      Given a passenger who <habit>
      And a taxi whose webhooks get lost
      When the taxi drives a ride of NOK 345.92
      Then the ride is <ending>
      And the taxi found out by asking
      And NOK <paid> is authorized, NOK <paid> captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | habit                     | ending   | paid   |
        | approves after 30 seconds | paid     | 345.92 |
        | rejects                   | declined | 0.00   |

    @taxi-101 @taxi-118
    Scenario: A taxi without an address asks after five seconds and then every two
      Given a passenger who approves after 30 seconds
      And a taxi without an address for webhooks
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi found out by asking
      And the taxi looks 15 times, and is always answered with 200
      And 31 seconds have passed on the clock

    @taxi-102
    Scenario: The approval is told before the request is answered
      Given a passenger who approves at once
      And the answer to the taxi's request takes longer than the passenger's approval
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi was told by webhook
      And the taxi's new payment is answered with 201
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook

    @taxi-103
    Scenario: An approval that says it failed is none, and the payment decides
      Given a passenger who approves after 30 seconds
      And the next webhook of AUTHORIZED is to suffer "unsuccessful"
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi found out by asking
      And the taxi believes every webhook
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  @official
  Rule: What is signed may not change on the way

    @taxi-98
    Scenario Outline: A proxy that <habit>
      Given a passenger who approves
      And a taxi behind a proxy that <habit>
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks
      And the taxi rejects them because of "<reason>"

      Examples:
        | habit                   | reason                              |
        | prints the body anew    | the body does not have the hash     |
        | dates the request anew  | the signature is not made           |
        | takes both copies away  | the header authorization is missing |
        | takes the date away     | the header x-ms-date is missing     |

    @mock-only @taxi-98
    Scenario: All signatures are wrong
      Given a passenger who approves after 30 seconds
      And a taxi whose webhooks arrive with a wrong signature
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks
      And the taxi rejects them because of "the signature is not made"
      And the taxi found out by asking

  @observed
  Rule: What is not signed may change on the way

    Scenario Outline: A proxy that <habit>
      Given a passenger who approves
      And a taxi behind a proxy that <habit>
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes every webhook

      Examples:
        | habit                     |
        | changes nothing           |
        | is called by another host |
        | takes the query away      |
        | takes Authorization away  |

  @assumed @mock-only
  Rule: What was rejected comes again, and is believed when it is right

    @taxi-98
    Scenario Outline: The approval comes with <effect>, and then as it should be
      Given the taxi has asked for NOK 345.92
      And the next webhook of AUTHORIZED is to suffer "<effect>"
      And the passenger has approved
      When 1 minute passes
      Then the taxi rejects 1 webhook because "<reason>"
      And the taxi is told of each event by webhook
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |

      Examples:
        | effect            | reason                              |
        | corrupt-body      | the body does not have the hash     |
        | corrupt-signature | the signature is not made           |
        | wrong-id          | is not one of ours                  |

    @taxi-98
    Scenario Outline: Every webhook comes with <effect>
      Given a passenger who approves after 30 seconds
      And every webhook is to suffer "<effect>"
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks
      And the taxi found out by asking

      Examples:
        | effect            |
        | corrupt-body      |
        | corrupt-signature |
        | wrong-id          |

  @official @mock-only
  Rule: Whoever sends an approval that never was gets nothing by it

    @taxi-108
    Scenario: Signed by nobody who knows the secret
      Given a passenger who approves after 30 seconds
      And the taxi has asked for NOK 345.92
      When somebody sends the waiting taxi an approval with a forged signature
      Then the taxi answers the forgery with 401
      And the taxi has not been told of the forged approval
      And the ride is paid
      And the taxi is told of each event by webhook

    @taxi-108
    Scenario: Signed for another sales unit
      Given a passenger who approves after 30 seconds
      And the taxi has asked for NOK 345.92
      When another merchant has the waiting taxi told of an approval under the same reference
      Then the taxi rejects 1 webhook because "is not one of ours"
      And the ride is paid
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook

    @taxi-108
    Scenario: Signed with the secret, and told apart by a look at the payment
      Given a passenger who never answers
      And the taxi has asked for NOK 345.92
      When somebody who knows the taxi's secret sends it an approval
      Then the taxi answers the forgery with 200
      And the taxi has been told of the forged approval
      And the ride is not answered in time
      And the taxi sends no capture
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  @official
  Rule: A webhook that comes again is counted once

    @taxi-99
    Scenario: Every webhook comes three times
      Given a passenger who approves
      And a taxi that gets every webhook 3 times
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And every webhook comes 3 times and is counted once
      And the taxi's capture is answered with 200
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook

    @taxi-104
    Scenario: Two parts of a fare have one name and are two events
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 145.92 as a second part
      Then the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |
        | CAPTURED   | NOK 145.92 |
      And no two events share a pspReference
      And the taxi is told of each event by webhook

    @mock-only @taxi-105
    Scenario: The taxi has stored what it was too slow to confirm
      Given a taxi whose proxy is too slow for the first webhook of AUTHORIZED
      And the taxi has asked for NOK 345.92
      And the passenger has approved
      When 1 minute passes
      Then the webhooks that come to the taxi are:
        | event      | answer  |
        | CREATED    | 200     |
        | AUTHORIZED | nothing |
        | AUTHORIZED | 200     |
      And 1 webhook comes again and is not counted
      And the taxi is told of each event by webhook

  @official @mock-only
  Rule: What was not received holds back what follows it

    @taxi-100
    Scenario: The approval fails twice, and the capture waits for it
      Given a taxi whose proxy answers 500 to the first 2 webhooks of AUTHORIZED
      And the taxi has asked for NOK 345.92
      And the passenger has approved
      And the taxi has captured NOK 345.92
      When 1 minute passes
      Then the webhooks that come to the taxi are:
        | event      | answer |
        | CREATED    | 200    |
        | AUTHORIZED | 500    |
        | AUTHORIZED | 500    |
        | AUTHORIZED | 200    |
        | CAPTURED   | 200    |
      And the taxi is told of each event by webhook

  @assumed
  Rule: An address is registered once

    @mock-only @taxi-106
    Scenario: Two weeks without a success end a registration, and rides go on
      Given a passenger who approves at once
      And a taxi whose webhooks get lost
      And the taxi has driven a ride of NOK 345.92
      When 15 days pass
      Then no registration is left
      And the ride is paid
      And the taxi found out by asking

    @mock-only @taxi-106
    Scenario: The next ride registers the address anew
      Given a passenger who approves at once
      And a taxi whose webhooks get lost
      And the taxi has driven a ride of NOK 345.92
      And 15 days have passed
      And the taxi's webhooks arrive again
      When the taxi drives a ride of NOK 128.00
      Then the ride is paid
      And 1 registration is left
      And the taxi is told of each event by webhook

    @taxi-107
    Scenario: A second ride finds it registered
      Given a passenger who approves
      And the taxi has driven a ride of NOK 345.92
      When the taxi drives a ride of NOK 128.00
      Then the ride is paid
      And 1 registration is left
      And the taxi has registered its address once
      And the taxi is told of each event by webhook

    @taxi-107
    Scenario: A taxi that has lost the secret replaces the registration
      Given a passenger who approves
      And the taxi has driven a ride of NOK 345.92
      And the taxi has lost the secret of its webhooks
      When the taxi drives a ride of NOK 128.00
      Then the ride is paid
      And 1 registration is left
      And the taxi is told of each event by webhook
