@assumed @mock-only
Feature: A sales unit's clock
  Time is the tester's to move. Whatever falls due on the way happens at its own moment.

  Source: our own; the moments are those of the ePayment API guide, timeouts, and the Webhooks API
  guide, retries.

  Rule: An advance goes from one due moment to the next

    Scenario: An expiry on the way
      Given a payment of NOK 345.92
      When 1 hour passes
      Then the EXPIRED event is 10 minutes after the CREATED event
      And the advance reports "payment" "EXPIRED"

    Scenario: Retries on the way
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      When 3 hours pass
      Then the attempts follow each other after:
        | attempts | wait      |
        | 2 to 4   | 2 seconds |
        | 5        | 1 minute  |
        | 6        | 2 minutes |
        | 7 to 8   | 1 hour    |

    Scenario: Webhooks settle without time passing
      Given a receiver of all payment events
      And a payment of NOK 345.92
      When 0 seconds pass
      Then the clock has not moved
      And the receiver gets:
        | name    | amount     |
        | CREATED | NOK 345.92 |

  Rule: A frozen clock stands, and never goes back

    Scenario: Freezing
      When the tester freezes the clock
      Then the clock is frozen

    Scenario: An advance keeps a frozen clock frozen
      When 1 hour passes
      Then the clock is frozen
      And the clock has moved by 1 hour

    Scenario: Setting it ahead
      When the tester sets the clock 2 days ahead
      Then the clock has moved by 2 days

    Scenario: Setting it back
      When the tester sets the clock 1 hour back
      Then the control API refuses with 409
      And the clock has not moved

    Scenario: A duration that is none
      When the tester advances the clock by "an hour"
      Then the control API refuses with 400
      And the clock has not moved

    Scenario: Running on
      When the tester lets the clock run on
      Then the clock is no longer frozen
