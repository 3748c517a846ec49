Feature: The customer's answer
  A customer approves, declines or lets the request lie. Nobody else can answer for them.

  Source: ePayment API guide, timeouts; ePayment API guide, force approve.

  @official
  Rule: An approval reserves the whole amount

    @mock-only
    Scenario: The customer approves
      Given a payment of NOK 345.92
      When the customer approves
      Then the payment is AUTHORIZED
      And NOK 345.92 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: The test environment approves for the customer
      Given a payment of NOK 345.92
      When the merchant forces the approval
      Then the answer is 200 without a body
      And the payment is AUTHORIZED

  @assumed
  Rule: A payment is answered once

    Scenario: Approved already
      Given a payment of NOK 345.92 that is approved
      When the merchant forces the approval
      Then the request is refused with 6230 "Payment is already reserved"
      And nothing has happened to the payment

    @mock-only
    Scenario Outline: A payment that <situation> can no longer be approved
      Given a payment of NOK 345.92 that <situation>
      When the customer tries to approve
      Then the customer is too late
      And nothing has happened to the payment

      Examples:
        | situation                     |
        | is approved                   |
        | was rejected                  |
        | has expired                   |
        | was cancelled before approval |

  @official @mock-only
  Rule: A request nobody answers lapses after ten minutes

    Scenario Outline: <time> without an answer
      Given a payment of NOK 345.92
      When <time> pass
      Then the payment is <state>

      Examples:
        | time                 | state   |
        | 5 minutes            | CREATED |
        | 9 minutes 59 seconds | CREATED |
        | 10 minutes           | EXPIRED |
        | 1 day                | EXPIRED |

    Scenario: An approval in the last second counts
      Given a payment of NOK 345.92
      And 9 minutes 59 seconds have passed
      When the customer approves
      Then the payment is AUTHORIZED

  @assumed @mock-only
  Rule: The number says what a test customer does

    Scenario Outline: A customer who <habit>, after <time>
      Given a customer who <habit>
      And a payment of NOK 345.92
      When <time> pass
      Then the payment is <state>

      Examples:
        | habit                       | time                 | state      |
        | approves at once            | 0 seconds            | AUTHORIZED |
        | approves after 30 seconds   | 29 seconds           | CREATED    |
        | approves after 30 seconds   | 30 seconds           | AUTHORIZED |
        | rejects                     | 0 seconds            | ABORTED    |
        | never answers               | 9 minutes 59 seconds | CREATED    |
        | never answers               | 10 minutes           | EXPIRED    |
        | approves in the last second | 9 minutes 58 seconds | CREATED    |
        | approves in the last second | 10 minutes           | AUTHORIZED |
