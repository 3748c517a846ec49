Feature: Amounts that mean something in the test environment
  Cards of the test environment refuse certain amounts, whoever pays. Force approve does not ask a
  card, and production knows nothing of it.

  Source: Test environment, special amounts.

  @assumed @mock-only
  Rule: A refused amount leaves the payment open, and the customer is told why

    Scenario Outline: <case>
      Given a payment of <amount>
      When the customer tries to pay
      Then the customer is told "<reason>"
      And the payment is CREATED
      And the customer's app remembers "<reason>"

      Examples:
        | case                           | amount   | reason                                  |
        | Not enough money               | NOK 1.51 | insufficient funds                      |
        | The bank refuses               | NOK 1.82 | refused by issuer                       |
        | It looks like fraud            | NOK 1.83 | suspected fraud                         |
        | Too much withdrawn             | NOK 1.84 | withdrawal limit exceeded               |
        | The card has expired           | NOK 1.86 | expired card                            |
        | There is no such card          | NOK 1.87 | invalid card                            |
        | 3-D Secure is denied           | NOK 1.97 | 3-D Secure denied                       |
        | Strong authentication is asked | NOK 2.02 | strong customer authentication required |

    Scenario Outline: <amount> in <market>
      Given a merchant in <market>
      And a payment of <amount>
      When the customer tries to pay
      Then the payment is <state>

      Examples:
        | market  | amount   | state      |
        | Denmark | DKK 1.51 | CREATED    |
        | Finland | EUR 1.87 | CREATED    |
        | Denmark | DKK 1.97 | AUTHORIZED |
        | Finland | EUR 2.02 | AUTHORIZED |

    Scenario: A customer who pays by itself is refused all the same
      Given a customer who approves at once
      And a payment of NOK 1.51
      When 1 second passes
      Then the payment is CREATED
      And the customer's app remembers "insufficient funds"

  @official
  Rule: Force approve does not ask a card

    Scenario Outline: <amount>
      Given a payment of <amount>
      When the merchant forces the approval
      Then the payment is AUTHORIZED

      Examples:
        | amount   |
        | NOK 1.51 |
        | NOK 2.01 |
        | NOK 2.02 |

  @assumed @mock-only
  Rule: Nobody knows for an hour what has become of NOK 2.01

    Scenario Outline: <time> after the customer has paid
      Given a payment of NOK 2.01 that is being paid
      When <time> pass
      Then the payment is <state>

      Examples:
        | time                  | state      |
        | 1 second              | CREATED    |
        | 10 minutes            | CREATED    |
        | 59 minutes 59 seconds | CREATED    |
        | 1 hour                | AUTHORIZED |

    Scenario Outline: A <operation> meanwhile
      Given a payment of NOK 2.01 that is being paid
      When the merchant comes with a <operation>
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | operation       | code  | title                               |
        | cancel          | 6250  | Cannot cancel processing payment    |
        | capture         | 6080  | Cannot capture before reservation   |
        | refund          | 6020  | Attempted refund before reservation |
        | forced approval | 10010 | Approve failed                      |

    Scenario: A cancel of the request only meanwhile
      Given a payment of NOK 2.01 that is being paid
      When the merchant cancels only what is not approved
      Then the request is refused with 6250 "Cannot cancel processing payment"
      And nothing has happened to the payment

    Scenario: The customer has no way back
      Given a payment of NOK 2.01 that is being paid
      When the customer tries to reject
      Then the customer is told "the bank has not answered yet"
      And the payment is CREATED

    Scenario: What the bank said at last can be captured
      Given a payment of NOK 2.01 that is being paid
      And 1 hour has passed
      When the merchant captures NOK 2.01
      Then the request is accepted

  @assumed
  Rule: Two amounts cannot be refunded

    Scenario Outline: A refund of <amount>
      Given a payment of NOK 500.00 that is captured in full
      When the merchant refunds <amount>
      Then the request is <answer>

      Examples:
        | amount   | answer                                          |
        | NOK 1.22 | accepted                                        |
        | NOK 1.23 | refused with 6210 "Payment cannot be refunded"  |
        | NOK 1.24 | refused with 6220 "Refund period expired"       |
        | NOK 1.25 | accepted                                        |

    Scenario: A refund of more than there is, is refused for that
      Given a payment of NOK 1.00 that is captured in full
      When the merchant refunds NOK 1.23
      Then the request is refused with 6150 "Not enough refundable"
