Feature: Customers who cannot pay just like that
  The last two digits of a test customer's number say what comes of its attempt. The merchant sees
  nothing of it: the customer can always try again.

  Source: our own numbers; the refusals are those of the ePayment API guide, error codes.

  @assumed @mock-only
  Rule: A card that is refused leaves the payment as it was

    Scenario Outline: A customer who <habit>
      Given a customer who <habit>
      And a payment of NOK 345.92
      When 1 second passes
      Then the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the merchant's log knows nothing of it
      And the customer's app remembers "<reason>"

      Examples:
        | habit                  | reason                 |
        | has a second card      | refused by issuer      |
        | has no money           | insufficient funds     |
        | is refused by the bank | refused by issuer      |
        | has no card            | no card                |
        | is over the limit      | payment limit exceeded |
        | has an expired card    | expired card           |

    Scenario Outline: A customer who <habit> is told why
      Given a customer who <habit>
      And a payment of NOK 345.92
      When the customer tries to pay
      Then the customer is told "<reason>"
      And the payment is CREATED

      Examples:
        | habit                  | reason                 |
        | has no money           | insufficient funds     |
        | is refused by the bank | refused by issuer      |
        | has no card            | no card                |
        | is over the limit      | payment limit exceeded |
        | has an expired card    | expired card           |

    Scenario Outline: A customer with a second card, after <time>
      Given a customer who has a second card
      And a payment of NOK 345.92
      When <time> pass
      Then the payment is <state>

      Examples:
        | time       | state      |
        | 9 seconds  | CREATED    |
        | 10 seconds | AUTHORIZED |

    Scenario: Who cannot pay lets the request lapse
      Given a customer who has no money
      And a payment of NOK 345.92
      When 10 minutes pass
      Then the payment is EXPIRED

  Rule: Force approve needs a customer who could pay

    @assumed @mock-only
    Scenario Outline: A customer who <habit>
      Given a payment of NOK 345.92
      When the merchant forces the approval for a customer who <habit>
      Then the request is refused with <code> "<title>"
      And nothing has happened to the payment

      Examples:
        | habit             | code  | title                   |
        | is unknown        | 7010  | Customer not found      |
        | is not identified | 10030 | Identification required |
        | has no card       | 10050 | No cards                |
        | is over the limit | 10070 | Payment limit exceeded  |

    @official @mock-only
    Scenario: An expired test card is answered as an error of the platform's own
      Given a payment of NOK 345.92
      When the merchant forces the approval for a customer who has an expired card
      Then the request is refused with 3010 "Internal error"
      And nothing has happened to the payment

    @assumed @mock-only
    Scenario: A customer of another market than the sales unit's
      Given a payment of NOK 345.92
      When the merchant forces the approval for a Danish customer
      Then the request is refused with 10060 "Operation not supported"
      And nothing has happened to the payment

    @official @mock-only
    Scenario: Having paid in the app once is what identifies a customer
      Given a customer who is not identified
      And the customer has paid in the app before
      And a payment of NOK 345.92
      When the merchant forces the approval
      Then the payment is AUTHORIZED

    @official
    Scenario: A token of another payment
      Given a payment of NOK 345.92
      When the merchant forces the approval with the token of another payment
      Then the request is refused with 10010 "Approve failed"
      And nothing has happened to the payment

    @official
    Scenario: A payment that was never made
      When the merchant forces the approval of a payment that was never made
      Then the request is refused with 5090 "Reference not found"

    @assumed @mock-only
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 345.92 that <situation>
      When the merchant forces the approval
      Then the request is refused with 10020 "Approve not allowed"
      And nothing has happened to the payment

      Examples:
        | situation                     |
        | was rejected                  |
        | has expired                   |
        | was cancelled before approval |

  @assumed @mock-only
  Rule: Commercial cards pay unless the merchant has blocked them

    Scenario: A merchant that has not
      Given a customer who has a commercial card
      And a payment of NOK 345.92
      When 1 second passes
      Then the payment is AUTHORIZED

    Scenario: A merchant that has
      Given a merchant in Denmark
      And a customer who has a commercial card
      And a payment of DKK 345.92 that blocks commercial cards
      When 1 second passes
      Then the payment is CREATED
      And the customer's app remembers "the only card is a commercial one, and those are blocked"

    Scenario: Force approve
      Given a merchant in Denmark
      And a payment of DKK 345.92 that blocks commercial cards
      When the merchant forces the approval for a customer who has a commercial card
      Then the request is refused with 10040 "Invalid payment source"
      And nothing has happened to the payment
