@mock-only
Feature: Retrying webhooks
  A delivery that is not answered with success is repeated, for a week at most.

  Source: Webhooks API guide, retries.

  Rule: Success is an answer in the two hundreds

    @observed
    Scenario Outline: The receiver answers <status>
      Given a receiver of CREATED that answers <status>
      And a payment of NOK 345.92
      When 1 hour passes
      Then 1 attempt is made

      Examples:
        | status |
        | 200    |
        | 202    |
        | 204    |

    @official
    Scenario Outline: The receiver answers <status>
      Given a receiver of CREATED that answers <status>
      And a payment of NOK 345.92
      When 2 seconds pass
      Then 2 attempts are made

      Examples:
        | status |
        | 400    |
        | 404    |
        | 500    |

    @assumed
    Scenario: A redirect is not followed
      Given a receiver of CREATED that answers 302
      And a payment of NOK 345.92
      When 2 seconds pass
      Then 2 attempts are made

    @official
    Scenario: Nobody is there
      Given a registration of an address where nobody is, for CREATED
      And a payment of NOK 345.92
      When 2 seconds pass
      Then 2 attempts are made

  @official
  Rule: The waits grow from seconds to a day, and end after seven days

    Scenario: A receiver that never recovers
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      When 30 days pass
      Then the attempts follow each other after:
        | attempts | wait      |
        | 2 to 4   | 2 seconds |
        | 5        | 1 minute  |
        | 6        | 2 minutes |
        | 7 to 29  | 1 hour    |
        | 30 to 35 | 1 day     |
      And no attempt comes later
      And the delivery is dropped

    Scenario: A receiver that recovers
      Given a receiver of CREATED that answers 500 to the first 4 attempts
      And a payment of NOK 345.92
      When 7 days pass
      Then 5 attempts are made
      And the delivery is delivered

  @observed
  Rule: A repeated delivery is the same event with a fresh signature

    Scenario: The second attempt
      Given a receiver of CREATED that answers 500 to the first 2 attempts
      And a payment of NOK 345.92
      When 1 hour passes
      Then 3 attempts are made
      And all attempts have the same body
      And each delivery names its own registration and is signed with its secret

  @official
  Rule: The events of one payment arrive in order

    Scenario: A later event waits for an earlier one
      Given a receiver of all payment events that answers 500 to the first 3 attempts
      And a payment of NOK 500.00 that is captured in part
      When 1 hour passes
      Then the receiver accepts, in this order:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |

    Scenario: Nothing is sent past an event that fails
      Given a receiver of all payment events that answers 500
      And a payment of NOK 500.00 that is captured in part
      When 1 hour passes
      Then all attempts are for CREATED

    Scenario: Another payment does not wait
      Given a receiver of all payment events that answers 500 to the first payment
      And a payment of NOK 500.00
      And 0 seconds have passed
      And another payment of NOK 300.00 that is approved
      When 0 seconds pass
      Then the receiver accepts, in this order:
        | name       | amount     |
        | CREATED    | NOK 300.00 |
        | AUTHORIZED | NOK 300.00 |

    Scenario: Another receiver does not wait
      Given a receiver of all payment events that answers 500
      And a receiver of all payment events
      And a payment of NOK 500.00
      When the customer approves
      Then the receiver gets:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |

  @official
  Rule: Deleting the registration ends the attempts

    Scenario: Between two attempts
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      And the merchant has deleted the registration
      When 1 day passes
      Then 1 attempt is made
