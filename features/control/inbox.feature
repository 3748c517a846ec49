@assumed @mock-only
Feature: What waits in a customer's app
  A customer who does nothing by itself has its payments waiting until the tester says what it does.

  Source: our own control API.

  Rule: A customer who does nothing by itself has what it is asked for in its inbox

    Scenario: As the app shows it
      Given a payment of NOK 345.92
      And 1 minute has passed
      When the tester opens the customer's inbox
      Then the inbox has the payment alone
      And it shows NOK 345.92 for "A ride across town", asked of the customer by the merchant
      And it has waited for 1 minute and expires in 9 minutes

    Scenario: Two of them, the longer wait first
      Given a payment of NOK 345.92
      And 1 minute has passed
      And another payment of NOK 100.00 that is waiting
      When the tester opens the customer's inbox
      Then the list has NOK 345.92 and NOK 100.00

    Scenario Outline: Whoever is <habit> waits for the tester, too
      Given a customer told to "<habit>"
      And a payment of NOK 345.92
      When the tester opens the customer's inbox
      Then the inbox has the payment alone

      Examples:
        | habit          |
        | wait           |
        | not identified |
        | under age 16   |

    Scenario: An attempt in vain is remembered, and the payment waits on
      Given a customer told to "insufficient funds"
      And a payment of NOK 345.92
      And 1 second has passed
      When the tester opens the customer's inbox
      Then the inbox has the payment alone
      And it was tried in vain: "insufficient funds"

  Rule: By a link a customer is asked when its number is sent

    Scenario: Nobody has sent a number
      Given a payment of NOK 345.92 by WEB_REDIRECT
      When the tester opens the customer's inbox
      Then the list is empty

    Scenario: The number is sent
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When the tester opens the customer's inbox
      Then the inbox has the payment alone

  Rule: What does not wait for the tester is in no inbox

    Scenario Outline: A payment that <situation>
      Given a payment of NOK 345.92 that <situation>
      When the tester opens the customer's inbox
      Then the list is empty

      Examples:
        | situation                     |
        | is approved                   |
        | was rejected                  |
        | was cancelled before approval |
        | has expired                   |

    Scenario: A payment that the bank is being asked about
      Given a payment of NOK 2.01 that is being paid
      When the tester opens the customer's inbox
      Then the list is empty

    Scenario Outline: A customer told to "<behaviour>"
      Given a customer told to "<behaviour>"
      And a payment of NOK 345.92
      And 1 second has passed
      When the tester opens the customer's inbox
      Then the list is empty

      Examples:
        | behaviour                 |
        | approve after 5m          |
        | card refused then approve |
        | ignore                    |
        | no card then ignore       |

  Rule: Everybody's inbox can be looked at, each customer's apart from the others'

    Scenario: Two customers
      Given a payment of NOK 345.92
      And another payment of NOK 100.00 of somebody who is not identified
      When the tester opens everybody's inbox
      Then the list has NOK 345.92 and NOK 100.00

    Scenario: One of the two
      Given a payment of NOK 345.92
      And another payment of NOK 100.00 of somebody who is not identified
      When the tester opens the customer's inbox
      Then the list has NOK 100.00

    Scenario: Another sales unit's customers have nothing of it
      Given a payment of NOK 345.92
      When another merchant's tester opens everybody's inbox
      Then the list is empty

    Scenario: A number that is none
      When the tester opens the inbox of "nobody"
      Then the control API refuses with 400
