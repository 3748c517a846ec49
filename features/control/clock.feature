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

  Rule: An advance tells what happened on the way, in order

    Scenario: A slow customer, and a merchant who never captures
      Given a customer who approves in the last second
      And a payment of NOK 500.00
      When 181 days pass
      Then the advance reports nothing but:
        | after                         | kind     | what                              |
        | 9 minutes 59 seconds          | payment  | AUTHORIZED NOK 500.00             |
        | 7 days 9 minutes 59 seconds   | deadline | a capture is no longer guaranteed |
        | 180 days 9 minutes 59 seconds | deadline | the capture deadline has come     |
        | 180 days 9 minutes 59 seconds | payment  | CANCELLED NOK 500.00              |

    Scenario: Deadlines are about the money that is left
      Given a payment of NOK 500.00 that is captured in part
      When 181 days pass
      Then the advance reports nothing but:
        | after    | kind     | what                                               |
        | 7 days   | deadline | no longer guaranteed, with NOK 300.00 not captured |
        | 180 days | deadline | the capture deadline has come, with NOK 300.00     |
        | 180 days | payment  | CANCELLED NOK 300.00                               |

    Scenario: Nothing is left
      Given a payment of NOK 500.00 that is captured in full
      When 181 days pass
      Then the advance reports nothing

    Scenario: A receiver that is away for two weeks
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      When 14 days pass
      Then the advance reports, in this order:
        | after                               | kind         | what                             |
        | 2 seconds                           | delivery     | attempt 2: 500, again at         |
        | 6 seconds                           | delivery     | attempt 4: 500, again at         |
        | 10 minutes                          | payment      | EXPIRED                          |
        | 6 days 23 hours 3 minutes 6 seconds | delivery     | attempt 35: 500                  |
        | 14 days                             | registration | removed, without a success since |

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

    Scenario Outline: Setting it to <moment>
      When the tester sets the clock to "<moment>"
      Then the clock shows "<time>"

      Examples:
        | moment               | time        |
        | 2100-01-31T12:00:00Z | 31T12:00:00 |
        | 2100-01-31 18:45     | 31T18:45:00 |
        | 2100-01-31           | 31T00:00:00 |
        | 18:45                | T18:45:00   |
        | tomorrow 08:30       | T08:30:00   |

    Scenario: A moment that is none
      When the tester sets the clock to "soon"
      Then the control API refuses with 400
      And the clock has not moved

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
