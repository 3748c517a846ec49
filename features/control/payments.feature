@assumed @mock-only
Feature: Payments as the tester sees them
  The control API plays the customer and shows all that the mock knows.

  Source: our own control API.

  Rule: The tester sees what the customer sees

    Scenario: The customer's app
      Given a payment of NOK 345.92
      When the tester looks at the payment
      Then "app.amount" of the payment is "NOK 345.92"
      And "customerInteraction" of the payment is "CUSTOMER_PRESENT"
      And "userFlow" of the payment is "PUSH_MESSAGE"

    Scenario Outline: A payment that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the tester looks at the payment
      Then "state" of the payment is "<state>"

      Examples:
        | situation           | state      |
        | is waiting          | CREATED    |
        | is captured in part | AUTHORIZED |
        | was rejected        | ABORTED    |
        | has expired         | EXPIRED    |

  Rule: The tester lists payments, oldest first

    Scenario: All of them
      Given a payment of NOK 345.92
      And another payment of NOK 100.00 that is approved
      When the tester lists the payments
      Then the list has NOK 345.92 and NOK 100.00

    Scenario: Those in one state
      Given a payment of NOK 345.92
      And another payment of NOK 100.00 that is approved
      When the tester lists the payments that are CREATED
      Then the list has NOK 345.92

  Rule: The tester can be the customer, or nobody

    Scenario Outline: The customer <act>
      Given a payment of NOK 345.92
      When the tester lets the customer <act>
      Then the payment is <state>

      Examples:
        | act     | state      |
        | approve | AUTHORIZED |
        | reject  | ABORTED    |
        | expire  | EXPIRED    |

    Scenario Outline: The customer cannot <act> what is approved
      Given a payment of NOK 345.92 that is approved
      When the tester lets the customer <act>
      Then the control API refuses with 409
      And nothing has happened to the payment

      Examples:
        | act     |
        | approve |
        | reject  |
        | expire  |

    Scenario: A payment that was never made
      When the tester lets the customer approve a payment that was never made
      Then the control API refuses with 404
