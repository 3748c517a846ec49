Feature: Whom a merchant asks
  A customer is named by phone number, by the code that the customer's app shows, or by the token of a
  check-in, and by one of them only.

  Source: ePayment API description, `Customer`; QR API guide, personal QR and merchant callback.

  Rule: Each of the three names one customer

    @official
    Scenario Outline: By <identity>
      Given the merchant knows the customer by <identity>
      When the merchant asks that customer for NOK 345.92
      Then the request is accepted

      Examples:
        | identity                               |
        | number                                 |
        | the code with the number in clear text |

    @official @mock-only
    Scenario Outline: Who is behind <identity>
      Given the merchant knows the customer by <identity>
      When the merchant asks that customer for NOK 345.92
      Then the request is accepted
      And the customer's number is asked

      Examples:
        | identity                               |
        | number                                 |
        | the code with the number in clear text |
        | the code that the app shows            |
        | a check-in                             |

    @assumed @mock-only
    Scenario Outline: A test customer known by <identity> does what its number says
      Given a customer who rejects
      And a payment of NOK 345.92 for the customer known by <identity>
      When 1 second passes
      Then the payment is ABORTED

      Examples:
        | identity                               |
        | number                                 |
        | the code with the number in clear text |
        | the code that the app shows            |
        | a check-in                             |

  Rule: One of them, and no two

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with customer set to <value>
      Then the request is refused and names the field "customer"
      And no payment has come of it

      Examples:
        | case                 | value                                                                                     |
        | A number and a code  | {"phoneNumber": "4790000099", "personalQr": "https://qr.vipps.no/28/2/01/031/4790000099?v=1"} |
        | A number and a token | {"phoneNumber": "4790000099", "customerToken": "Y2hlY2staW4="}                            |
        | A code and a token   | {"personalQr": "https://qr.vipps.no/p/abc", "customerToken": "Y2hlY2staW4="}              |

    @official
    Scenario: None of them, with a push
      When the merchant asks for NOK 345.92 with customer set to {}
      Then the request is refused with 4140 "Missing required parameter"
      And no payment has come of it

    @observed
    Scenario: None of them, with a link
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with customer set to {}
      Then the request is accepted

  Rule: A code is one that a customer's app shows

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with customer.personalQr instead of a number set to <value>
      Then the request is refused with 4060 "Invalid PersonalQr"
      And no payment has come of it

      Examples:
        | case                         | value                                    |
        | Any text                     | "hello there"                            |
        | A page elsewhere             | "https://taxi.example/28/2/01/031/4790000099?v=1" |
        | No number in clear text      | "https://qr.vipps.no/28/2/01/031/?v=1"   |
        | A token of nobody            | "https://qr.vipps.no/p/0123456789abcdef" |

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with customer.personalQr instead of a number set to <value>
      Then the request is refused and names the field "customer.personalQr"

      Examples:
        | case      | value  |
        | Too short | "code" |
        | No text   | 12345  |

  Rule: The token of a check-in is good for fifteen minutes

    @official
    Scenario: A token of nobody
      When the merchant asks for NOK 345.92 with customer.customerToken instead of a number set to "Y2hlY2staW4="
      Then the request is refused with 4050 "Invalid CustomerToken"
      And no payment has come of it

    @official @mock-only
    Scenario Outline: After <time>
      Given the merchant knows the customer by a check-in
      And <time> have passed
      When the merchant asks that customer for NOK 345.92
      Then the request is <answer>

      Examples:
        | time                  | answer            |
        | 14 minutes 59 seconds | accepted          |
        | 15 minutes            | refused with 4050 |

    @assumed @mock-only
    Scenario: A check-in with another merchant
      Given the merchant knows the customer by a check-in
      When another merchant asks that customer for NOK 345.92
      Then the request is refused with 4050

  Rule: A forced approval names the customer in the same ways, or shows the link

    @official
    Scenario Outline: By <identity>
      Given a payment of NOK 345.92
      And the merchant knows the customer by <identity>
      When the merchant forces the approval of that customer
      Then the answer is 200 without a body
      And the payment is AUTHORIZED

      Examples:
        | identity                               |
        | number                                 |
        | the code with the number in clear text |

    @official @mock-only
    Scenario Outline: By <identity>
      Given a payment of NOK 345.92
      And the merchant knows the customer by <identity>
      When the merchant forces the approval of that customer
      Then the payment is AUTHORIZED

      Examples:
        | identity                    |
        | the code that the app shows |
        | a check-in                  |

    @official @mock-only
    Scenario: By a check-in that is too old
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the merchant knows the customer by a check-in
      And 15 minutes have passed
      When the merchant forces the approval of that customer
      Then the request is refused with 4050

    @official
    Scenario Outline: By the token of the link, <flow>
      Given a payment of NOK 345.92 by <flow>
      When the merchant forces the approval with the token of the link
      Then the answer is 200 without a body
      And the payment is AUTHORIZED

      Examples:
        | flow            |
        | WEB_REDIRECT    |
        | NATIVE_REDIRECT |
        | QR              |

    @assumed
    Scenario: By the token of another link
      Given a payment of NOK 345.92 by WEB_REDIRECT
      When the merchant forces the approval with the token of another payment
      Then the request is refused with 10010 "Approve failed"
      And nothing has happened to the payment
