@mock-only
Feature: Paying with a card that is typed in
  In production a payment may be by CARD: the link leads to a form for a card, and the bank confirms.
  The card form does not exist in the test environment.

  Source: ePayment API guide, freestanding card payments.

  @official
  Rule: The form is for production

    Scenario: In production
      Given a merchant in production
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      Then the request is accepted
      And the answer has the members redirectUrl, reference

  @official
  Rule: Whoever types a card pays with it, once the bank has confirmed

    Scenario: The form
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      When the customer opens the link
      Then the page asks for a card
      And the page shows "NOK 345.92"

    Scenario: The bank is asked
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      And the customer has opened the link
      When the customer types the card "5555 5555 5555 4444", "12/99" and "123"
      Then the page waits for the bank
      And the payment is CREATED

    Scenario: The bank confirms
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      And the customer has opened the link
      And the customer has typed the card "5555 5555 5555 4444", "12/99" and "123"
      When the customer approves on the page
      Then the payment is AUTHORIZED
      And the customer is sent to "https://taxi.example/rides/1"
      And the payment was made with the card "555555"

  @assumed
  Rule: A card that cannot be one is said to be none, and may be typed again

    Scenario Outline: <case>
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      And the customer has opened the link
      When the customer types the card "<number>", "<expiry>" and "<code>"
      Then the page is refused with 422
      And the page says "<words>"
      And nothing has happened to the payment

      Examples:
        | case                 | number              | expiry | code | words                   |
        | A mistyped digit     | 5555 5555 5555 4445 | 12/99  | 123  | Check the card number   |
        | A card of the past   | 5555 5555 5555 4444 | 12/20  | 123  | Check the expiry date   |
        | A date in words      | 5555 5555 5555 4444 | soon   | 123  | Check the expiry date   |
        | A code that is short | 5555 5555 5555 4444 | 12/99  | 12   | Check the security code |

    Scenario: The customer cancels
      Given a merchant in production
      And a payment of NOK 345.92 by WEB_REDIRECT with paymentMethod set to {"type": "CARD"}
      And the customer has opened the link
      When the customer cancels on the page
      Then the payment is ABORTED

  @assumed
  Rule: The app's link is the production app's

    Scenario: NATIVE_REDIRECT in production
      Given a merchant in production
      When the merchant asks for NOK 345.92 by NATIVE_REDIRECT
      Then the link begins with "vipps://token="
