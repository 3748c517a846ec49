@mock-only
Feature: Receivers that do not respond
  A receiver that does not answer is tried again, and given up in the end.

  Source: Webhooks API guide, retries.

  @official
  Rule: No answer in time is a failure

    Scenario: A receiver that takes the request and keeps silent
      Given a receiver of CREATED that never answers
      And a payment of NOK 345.92
      When 0 seconds pass
      Then the attempt fails because of "no answer within"

    Scenario: Others do not wait for it
      Given a receiver of all payment events that never answers
      And a receiver of CREATED
      When the merchant asks for NOK 345.92
      Then the receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |

  @assumed
  Rule: A registration without a success for two weeks is removed

    Scenario: Nothing but failures
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      When 14 days pass
      Then the advance reports "registration" "removed"
      And no registration is left

    Scenario: A day before
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      When 13 days pass
      Then 1 registration is left

    Scenario: A single success is enough
      Given a receiver of CREATED that answers 500 to the first 4 attempts
      And a payment of NOK 345.92
      When 30 days pass
      Then 1 registration is left

    Scenario: A receiver that nothing is sent to
      Given a receiver of CREATED
      When 30 days pass
      Then 1 registration is left
