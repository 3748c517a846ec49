@assumed @mock-only
Feature: Customers as the tester wants them
  What a customer does by itself is said by the last two digits of its number, or by a tester, in words.

  Source: our own control API.

  Rule: A customer does what the tester says, each thing at its moment

    Scenario Outline: "<behaviour>", after <time>
      Given a customer told to "<behaviour>"
      And a payment of NOK 345.92
      When <time> pass
      Then the payment is <state>

      Examples:
        | behaviour                            | time                  | state      |
        | approve                              | 0 seconds             | AUTHORIZED |
        | approve after 5s                     | 4 seconds             | CREATED    |
        | approve after 5s                     | 5 seconds             | AUTHORIZED |
        | slow 8m                              | 8 minutes             | AUTHORIZED |
        | approve at the last second           | 9 minutes 58 seconds  | CREATED    |
        | approve at the last second           | 9 minutes 59 seconds  | AUTHORIZED |
        | reject                               | 0 seconds             | ABORTED    |
        | ignore                               | 10 minutes            | EXPIRED    |
        | wait                                 | 10 minutes            | EXPIRED    |
        | insufficient funds                   | 9 minutes             | CREATED    |
        | card refused then approve            | 9 seconds             | CREATED    |
        | card refused then approve            | 10 seconds            | AUTHORIZED |
        | no card then approve after 1m        | 59 seconds            | CREATED    |
        | no card then approve after 1m        | 1 minute              | AUTHORIZED |
        | expired card then reject after 30s   | 30 seconds            | ABORTED    |
        | unknown result                       | 59 minutes            | CREATED    |
        | unknown result                       | 1 hour                | AUTHORIZED |

    Scenario Outline: A test customer told to "<behaviour>" does that instead
      Given a customer who approves at once
      And a customer told to "<behaviour>"
      And a payment of NOK 345.92
      When 1 second passes
      Then the payment is <state>

      Examples:
        | behaviour | state   |
        | reject    | ABORTED |
        | wait      | CREATED |

    Scenario: What was tried in vain is remembered in the app
      Given a customer told to "suspected fraud then invalid card"
      And a payment of NOK 345.92
      When 10 seconds pass
      Then the payment is CREATED
      And the customer's app remembers "suspected fraud"
      And the customer's app remembers "invalid card"

  Rule: A tester who presses Pay for a customer meets what the customer would meet

    Scenario Outline: "<behaviour>", attempt <attempt>
      Given a customer told to "<behaviour>"
      And a payment of NOK 345.92
      And the customer has tried to pay <times> times
      When the customer tries to pay
      Then the payment is <state>

      Examples:
        | behaviour                                   | attempt | times | state      |
        | ignore                                      | 1       | 0     | AUTHORIZED |
        | no card after 5m then approve               | 1       | 0     | CREATED    |
        | no card after 5m then approve               | 2       | 1     | AUTHORIZED |
        | insufficient funds after 5m                 | 3       | 2     | CREATED    |

  Rule: With "once", later payments meet another behaviour

    Scenario Outline: The <which> payment
      Given a customer told to "once: reject, then once: no card, then approve"
      And <earlier> earlier payments of NOK 100.00
      And a payment of NOK 345.92
      When 1 second passes
      Then the payment is <state>

      Examples:
        | which  | earlier | state      |
        | first  | 0       | ABORTED    |
        | second | 1       | CREATED    |
        | third  | 2       | AUTHORIZED |
        | fourth | 3       | AUTHORIZED |

    Scenario: Who was unknown once is found the next time
      Given a customer told to "once: unknown, then approve"
      And the merchant has been refused NOK 345.92 for that customer
      When the merchant asks for NOK 345.92
      Then the request is accepted

  Rule: Who a customer is can be said, too

    Scenario Outline: A push to a customer told to be "<behaviour>"
      Given a customer told to "<behaviour>"
      When the merchant asks for NOK 345.92 with minimumUserAge set to 18
      Then the request is refused with 7010 "Customer not found"
      And no payment has come of it

      Examples:
        | behaviour                |
        | unknown                  |
        | under age 16             |
        | under age 18 and approve |

    Scenario Outline: Force approve for a customer told to be "<behaviour>"
      Given a customer told to "<behaviour>"
      And a payment of NOK 345.92
      When the merchant forces the approval
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | behaviour                      | code  | title                   |
        | not identified                 | 10030 | Identification required |
        | no card after 5m               | 10050 | No cards                |
        | payment limit exceeded after 5m | 10070 | Payment limit exceeded  |

    Scenario: Who is old enough is asked
      Given a customer told to "under age 19 and approve"
      When the merchant asks for NOK 345.92 with minimumUserAge set to 18
      Then the request is accepted

  Rule: What waits already goes on as it began

    Scenario: Another behaviour is for the next payment
      Given a customer told to "approve after 5m"
      And a payment of NOK 345.92
      And a customer told to "reject"
      When 5 minutes pass
      Then the payment is AUTHORIZED

  Rule: Words that are not understood are named, and nothing changes

    Scenario Outline: "<words>", told "<named>"
      Given a customer told to "approve after 5s"
      When the tester tells the customer to "<words>"
      Then the control API refuses with 400
      And the tester is told "<named>"
      And the customer's next payment meets "approve after 5s"

      Examples:
        | words                     | named                           |
        | aprove                    | 'aprove' is not understood      |
        | aprove                    | approve, reject, ignore         |
        | approve after soon        | 'soon' is no length of time     |
        | insufficient money        | 'insufficient money' is not     |
        | approve then reject       | nothing follows 'approve'       |
        | reject, then approve      | once: reject, then approve      |
        | once: reject              | what comes with later payments  |
        | under age nine            | 'nine' is no age                |

    Scenario: A country without the app
      When the tester tells the customer 33100000001 to "approve"
      Then the control API refuses with 400

  Rule: Customers are listed with what they do next

    Scenario: All test numbers of three markets
      When the tester lists the customers
      Then the customer 4790000001 is listed to "approve"
      And the customer 4590000003 is listed to "reject"
      And the customer 358900000008 is listed to "approve at the last second"

    Scenario: A number that a tester has given a behaviour
      Given a customer told to "slow 8m"
      When the tester lists the customers
      Then the customer 4790000099 is listed to "approve after 8m"

    Scenario Outline: Next, after <earlier> payments
      Given a customer told to "once: reject, then approve"
      And <earlier> earlier payments of NOK 100.00
      When the tester looks at the customer
      Then the customer's next payment meets "<next>"

      Examples:
        | earlier | next    |
        | 0       | reject  |
        | 1       | approve |

    Scenario: What it will do with a payment that waits
      Given a customer told to "card refused then approve"
      And a payment of NOK 345.92
      And 1 second has passed
      When the tester looks at the customer
      Then it will "approve" the payment in 9 seconds

  Rule: What a tester has said can be taken back

    Scenario: The number counts again
      Given a customer who rejects
      And a customer told to "approve"
      When the tester clears what the customer does
      Then the customer's next payment meets "reject"

    Scenario: Nothing to take back
      When the tester clears what the customer does
      Then the control API refuses with 404

    Scenario: A reset
      Given a customer who rejects
      And a customer told to "approve"
      When the tester resets the sales unit
      Then the customer's next payment meets "reject"

    Scenario: Another sales unit's customers know nothing of it
      Given a customer who rejects
      When another merchant's tester tells the customer to "approve"
      Then the customer's next payment meets "reject"
