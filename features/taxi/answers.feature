Feature: Hearing of the passenger's answer
  A webhook is the quick way to hear of an answer, and asking is the sure one. The taxi believes
  only what it reads itself.

  Source: ePayment API guide, polling; Webhooks API guide, request authentication.

  @official @mock-only
  Rule: An answer is heard of by webhook, or found by asking

    Scenario: By webhook
      Given a passenger who approves after 30 seconds
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi was told by webhook

    Scenario: By asking, after five seconds and then every two
      Given a passenger who approves after 30 seconds
      And a taxi without an address for webhooks
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi found out by asking
      And 31 seconds have passed on the clock

    Scenario Outline: The webhooks get lost and the passenger <habit>
      Given a passenger who <habit>
      And a taxi whose webhooks get lost
      When the taxi drives a ride of NOK 345.92
      Then the ride is <ending>
      And the taxi found out by asking

      Examples:
        | habit                     | ending   |
        | approves after 30 seconds | paid     |
        | rejects                   | declined |

  @official
  Rule: A webhook that is not signed as it should be does not exist

    @mock-only
    Scenario: All signatures are wrong
      Given a passenger who approves after 30 seconds
      And a taxi whose webhooks arrive with a wrong signature
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks
      And the taxi found out by asking

    @mock-only
    Scenario: Somebody forges an approval
      Given a passenger who approves after 30 seconds
      And the taxi has asked for NOK 345.92
      When somebody sends the waiting taxi an approval with a forged signature
      Then the taxi answers the forgery with 401
      And the taxi has not been told of the forged approval
      And the ride is paid

  @official
  Rule: A webhook that is repeated is counted once

    Scenario: Every webhook comes twice
      Given a passenger who approves
      And a taxi that gets every webhook twice
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi counts every webhook once
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
