Feature: The link of a payment
  The answer to a request names the link, and the payment shows it as long as it leads anywhere.

  Source: ePayment API description, `createPayment`; ePayment API guide, user flows.

  @assumed
  Rule: A payment shows its link while it waits for its customer

    Scenario Outline: By <flow>
      Given a payment of NOK 345.92 by <flow>
      When the merchant reads the payment
      Then the payment shows its link

      Examples:
        | flow            |
        | WEB_REDIRECT    |
        | NATIVE_REDIRECT |
        | QR              |

    Scenario: By push there is none
      Given a payment of NOK 345.92 by PUSH_MESSAGE
      When the merchant reads the payment
      Then the payment shows no link

    Scenario Outline: A payment that <situation>
      Given a payment of NOK 345.92 by WEB_REDIRECT that <situation>
      When the merchant reads the payment
      Then the payment shows no link

      Examples:
        | situation                     |
        | is approved                   |
        | was cancelled before approval |

    @mock-only
    Scenario Outline: A payment that <situation>
      Given a payment of NOK 345.92 by WEB_REDIRECT that <situation>
      When the merchant reads the payment
      Then the payment shows no link

      Examples:
        | situation    |
        | was rejected |
        | has expired  |

  @official
  Rule: The same request gets the same link

    Scenario Outline: By <flow>
      Given the merchant has asked for NOK 345.92 by <flow> with the key "link-1"
      When the merchant asks for the same once more with the key "link-1"
      Then the answer is 201
      And the answer is the same as the first

      Examples:
        | flow            |
        | WEB_REDIRECT    |
        | NATIVE_REDIRECT |
        | QR              |
