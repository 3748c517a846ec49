@mock-only
Feature: What a customer does with one payment
  Besides approving and rejecting, a customer fails to pay, looks away, has the app open for a while, or
  closes the browser. The tester says which, payment by payment.

  Source: our own control API; ePayment API guide, error codes and landing page.

  @assumed
  Rule: The customer tries to pay in vain, and the payment waits on

    Scenario Outline: <outcome>
      Given a payment of NOK 345.92
      When the tester lets the customer fail with "<outcome>"
      Then the payment is CREATED
      And the customer's app remembers "<reason>"
      And the merchant's log knows nothing of it

      Examples:
        | outcome                                 | reason                                 |
        | card refused                            | refused by issuer                      |
        | insufficient-funds                      | insufficient funds                     |
        | suspected fraud                         | suspected fraud                        |
        | withdrawal limit exceeded               | withdrawal limit exceeded              |
        | Expired card                            | expired card                           |
        | invalid-card                            | invalid card                           |
        | 3-D Secure denied                       | 3-D Secure denied                      |
        | strong customer authentication required | strong customer authentication required |
        | no card                                 | no card                                |
        | payment-limit-exceeded                  | payment limit exceeded                 |

    Scenario: The customer may try again
      Given a payment of NOK 345.92
      And the tester has let the customer fail with "insufficient funds"
      When the customer approves
      Then the payment is AUTHORIZED

    Scenario: Nobody knows for an hour
      Given a payment of NOK 345.92
      And the tester has let the customer fail with "unknown result"
      When 1 hour passes
      Then the payment is AUTHORIZED

    Scenario Outline: "<words>" is no outcome
      Given a payment of NOK 345.92
      When the tester lets the customer fail with "<words>"
      Then the control API refuses with 400
      And the tester is told "insufficient funds"
      And nothing has happened to the payment

      Examples:
        | words                       |
        | approve                     |
        | broke                       |
        | insufficient funds after 5s |

    Scenario: No outcome at all
      Given a payment of NOK 345.92
      When the tester lets the customer fail
      Then the control API refuses with 400
      And the tester is told "outcome"

  @assumed
  Rule: A customer who ignores a payment lets it expire

    Scenario: It leaves the inbox
      Given a payment of NOK 345.92
      And the tester has let the customer ignore
      When the tester opens the customer's inbox
      Then the list is empty

    Scenario Outline: After <time> it is <state>
      Given a payment of NOK 345.92
      And the tester has let the customer ignore
      When <time> pass
      Then the payment is <state>

      Examples:
        | time                 | state   |
        | 9 minutes 59 seconds | CREATED |
        | 10 minutes           | EXPIRED |

    Scenario: What it would have done by itself it does not do
      Given a customer told to "approve after 5m"
      And a payment of NOK 345.92
      And the tester has let the customer ignore
      When 10 minutes pass
      Then the payment is EXPIRED

    Scenario: Other payments are another matter
      Given a customer told to "approve after 5m"
      And a payment of NOK 100.00
      And the tester has let the customer ignore
      And another payment of NOK 345.92 that is waiting
      When 5 minutes pass
      Then the payment is AUTHORIZED

    Scenario: The tester may think better of it
      Given a payment of NOK 345.92
      And the tester has let the customer ignore
      When the customer approves
      Then the payment is AUTHORIZED

  @official
  Rule: While the customer is confirming, the merchant cannot cancel

    Scenario Outline: <flow>
      Given a payment of NOK 345.92 by <flow>
      And the tester has let the customer open-app
      When the merchant cancels the payment
      Then the request is refused with 6250 "Cannot cancel processing payment"
      And nothing has happened to the payment

      Examples:
        | flow            |
        | PUSH_MESSAGE    |
        | NATIVE_REDIRECT |
        | WEB_REDIRECT    |
        | QR              |

    Scenario: Not only what is not approved, either
      Given a payment of NOK 345.92
      And the tester has let the customer open-app
      When the merchant cancels only what is not approved
      Then the request is refused with 6250 "Cannot cancel processing payment"

  @assumed
  Rule: Confirming ends when the customer answers, fails, looks away or is too late

    Scenario Outline: The customer can <act>
      Given a payment of NOK 345.92
      And the tester has let the customer open-app
      When the tester lets the customer <act>
      Then the payment is <state>

      Examples:
        | act     | state      |
        | approve | AUTHORIZED |
        | reject  | ABORTED    |

    Scenario: Nobody confirms in time
      Given a payment of NOK 345.92
      And the tester has let the customer open-app
      When 10 minutes pass
      Then the payment is EXPIRED

    Scenario: After an attempt in vain the merchant can cancel
      Given a payment of NOK 345.92
      And the tester has let the customer open-app
      And the tester has let the customer fail with "card refused"
      When the merchant cancels the payment
      Then the payment is TERMINATED

    Scenario: After the customer has looked away the merchant can cancel
      Given a payment of NOK 345.92
      And the tester has let the customer open-app
      And the tester has let the customer ignore
      When the merchant cancels the payment
      Then the payment is TERMINATED

  @assumed
  Rule: Whoever opens the app by a link is asked by that

    Scenario: It is in the inbox
      Given a payment of NOK 345.92 by NATIVE_REDIRECT
      And the tester has let the customer open-app
      When the tester opens the customer's inbox
      Then the inbox has the payment alone
      And it is open in the app

    Scenario: A test customer acts by itself
      Given a customer who approves at once
      And a payment of NOK 345.92 by NATIVE_REDIRECT
      And the tester has let the customer open-app
      When 0 seconds pass
      Then the payment is AUTHORIZED

    Scenario: Who must not pay is not asked
      Given a customer who is under age
      And a payment of NOK 345.92 by WEB_REDIRECT with minimumUserAge set to 18
      When the tester lets the customer open-app
      Then the control API refuses with 409
      And nothing has happened to the payment

    Scenario: Where a card is typed in there is no app
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod.type set to "CARD"
      When the tester lets the customer open-app
      Then the control API refuses with 409
      And the tester is told "not in the app"

  @assumed
  Rule: A browser that is closed never comes back to the merchant

    Scenario: The customer has approved in the app
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      And the tester has let the customer close-browser
      And the customer has approved
      When the page is looked at again
      Then the payment is AUTHORIZED
      And the page is refused with 410
      And the page says "This browser was closed"
      And the customer is not sent away

    Scenario: The link leads nowhere, and to open it aborts nothing
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      And the tester has let the customer close-browser
      When the customer opens the link again
      Then the page is refused with 410
      And nothing has happened to the payment

    Scenario: A code is scanned no more
      Given a payment of NOK 345.92 by QR
      And the tester has let the customer close-browser
      When somebody without keys fetches the picture
      Then the page is refused with 410

    Scenario: By push there is no browser
      Given a payment of NOK 345.92
      When the tester lets the customer close-browser
      Then the control API refuses with 409
      And the tester is told "by PUSH_MESSAGE"

    Scenario: A browser that has gone back is gone
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has cancelled on the page
      When the tester lets the customer close-browser
      Then the control API refuses with 409
      And the tester is told "has come to the end"

  @assumed
  Rule: What does not wait for its customer is left as it is, and its state is named

    Scenario Outline: To <act> a payment that <situation>
      Given a payment of NOK 345.92 that <situation>
      When the tester lets the customer <act>
      Then the control API refuses with 409
      And the tester is told "it is <state>"
      And nothing has happened to the payment

      Examples:
        | act      | situation                     | state      |
        | ignore   | is approved                   | AUTHORIZED |
        | ignore   | was rejected                  | ABORTED    |
        | ignore   | has expired                   | EXPIRED    |
        | ignore   | was cancelled before approval | TERMINATED |
        | open-app | is approved                   | AUTHORIZED |
        | open-app | has expired                   | EXPIRED    |

    Scenario Outline: To fail a payment that <situation>
      Given a payment of NOK 345.92 that <situation>
      When the tester lets the customer fail with "card refused"
      Then the control API refuses with 409
      And the tester is told "it is <state>"
      And nothing has happened to the payment

      Examples:
        | situation    | state      |
        | is approved  | AUTHORIZED |
        | was rejected | ABORTED    |

    Scenario Outline: To <act> a payment that the bank is being asked about
      Given a payment of NOK 2.01 that is being paid
      When the tester lets the customer <act>
      Then the control API refuses with 409
      And the tester is told "it is CREATED, and the bank is being asked"
      And nothing has happened to the payment

      Examples:
        | act      |
        | ignore   |
        | open-app |

    Scenario: To fail a payment that the bank is being asked about
      Given a payment of NOK 2.01 that is being paid
      When the tester lets the customer fail with "card refused"
      Then the control API refuses with 409
      And the tester is told "it is CREATED, and the bank is being asked"

    Scenario Outline: To <act> a payment that was never made
      When the tester lets the customer <act> a payment that was never made
      Then the control API refuses with 404

      Examples:
        | act           |
        | ignore        |
        | open-app      |
        | close-browser |

    Scenario: To fail one that was never made
      When the tester lets the customer fail a payment that was never made with "no card"
      Then the control API refuses with 404
