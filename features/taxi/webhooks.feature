Feature: Webhooks on their way to the taxi
  The taxi verifies what was registered and the bytes as they came. What stands in front of it may
  change some things, and not others.

  Source: Webhooks API guide, request authentication.

  @observed
  Rule: What is not signed may change on the way

    Scenario Outline: A proxy that <habit>
      Given a passenger who approves
      And a taxi behind a proxy that <habit>
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes every webhook

      Examples:
        | habit                         |
        | changes nothing               |
        | is called by another host     |
        | takes the query away          |
        | takes Authorization away      |

  @official
  Rule: What is signed may not

    Scenario Outline: A proxy that <habit>
      Given a passenger who approves
      And a taxi behind a proxy that <habit>
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks
      And the taxi rejects them because of "<reason>"

      Examples:
        | habit                    | reason                                              |
        | prints the body anew     | the body does not have the hash                     |
        | dates the request anew   | the signature is not made                           |
        | takes both copies away   | the header authorization is missing                 |
        | takes the date away      | the header x-ms-date is missing                     |

  @mock-only @assumed
  Rule: What goes wrong once is right the next time

    Scenario Outline: A webhook with <effect>
      Given a passenger who approves after 30 seconds
      And every webhook is to suffer "<effect>"
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi believes none of its webhooks

      Examples:
        | effect            |
        | corrupt-body      |
        | corrupt-signature |
        | wrong-id          |
