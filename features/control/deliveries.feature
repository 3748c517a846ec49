@mock-only @assumed
Feature: Sending webhooks again
  The platform sends nothing again by hand. A tester may.

  Source: our own control API.

  Rule: A resend is one more attempt of the same event, signed anew

    Scenario: One that was delivered
      Given a receiver of CREATED
      And a payment of NOK 345.92
      When the tester has the delivery sent again
      Then 2 attempts are made
      And all attempts have the same body
      And each delivery names its own registration and is signed with its secret
      And the delivery is delivered

    Scenario: One that was dropped, to a receiver that is back
      Given a receiver of CREATED that answers 500 to the first 35 attempts
      And a payment of NOK 345.92
      And 8 days have passed
      When the tester has the delivery sent again
      Then 36 attempts are made
      And the delivery is delivered

    Scenario: One that waits for its next attempt
      Given a receiver of all payment events that answers 500 to the first 1 attempts
      And a payment of NOK 500.00 that is approved
      When the tester has the delivery sent again
      Then the receiver accepts, in this order:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |

  Rule: Nothing is sent past what the receiver must hear of first

    Scenario: One behind another of its payment
      Given a receiver of all payment events that answers 500
      And a payment of NOK 500.00 that is approved
      When the tester has delivery 2 sent again
      Then the answer is 409
      And all attempts are for CREATED

    Scenario: One whose registration is gone
      Given a receiver of CREATED
      And a payment of NOK 345.92
      And the merchant has deleted the registration
      When the tester has the delivery sent again
      Then the answer is 409
      And 1 attempt is made
