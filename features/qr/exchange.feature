Feature: The number behind a customer's code
  Whoever has scanned the code that a customer's app shows may ask whose number it stands for.

  Source: QR API guide, personal QR.

  Rule: Both versions of a code stand for a number

    @official
    Scenario: The number in clear text
      Given the merchant knows the customer by the code with the number in clear text
      When the merchant asks whose code that is
      Then the answer is 200
      And the answer has the members msisdn, version
      And the answer has the customer's number
      And "version" of the answer is "1.0"

    @official @mock-only
    Scenario: A code that the app shows
      Given the merchant knows the customer by the code that the app shows
      When the merchant asks whose code that is
      Then the answer is 200
      And the answer has the customer's number
      And "version" of the answer is "2.0"

  @assumed
  Rule: Anything else stands for nobody

    Scenario Outline: <case>
      When the merchant asks for the number behind <code>
      Then the answer is 400
      And "extraDetails.0.name" of the answer is "qrCode"

      Examples:
        | case              | code                               |
        | A token of nobody | "https://qr.vipps.no/p/0123456789" |
        | Any text          | "hello there"                      |
        | No text           | 12345                              |

  @assumed
  Rule: The codes of merchants are not simulated

    Scenario: A sticker
      When the merchant reads the path "/qr/v1/merchant-redirect"
      Then the answer is 404 and says "responseInfo"
