Feature: The fields of a payment request
  What does not fit the schema is named, all of it at once; what fits and makes no sense has a code.

  Source: ePayment API description, `createPayment`.

  Rule: A field that does not fit is named, however deep it lies

    @assumed
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused and names the field "<named>"
      And no payment has come of it

      Examples:
        | case                                | field                        | value                                                                                                                            | named                                            |
        | A scope that is no text             | profile.scope                | 5                                                                                                                                | profile.scope                                    |
        | A profile that is a list            | profile                      | []                                                                                                                               | profile                                          |
        | An age of 101                       | minimumUserAge               | 101                                                                                                                              | minimumUserAge                                   |
        | An age below nothing                | minimumUserAge               | -1                                                                                                                               | minimumUserAge                                   |
        | An age in words                     | minimumUserAge               | "18"                                                                                                                             | minimumUserAge                                   |
        | A receipt address that is no text   | receiptUrl                   | 1                                                                                                                                | receiptUrl                                       |
        | Sources that are no list            | paymentMethod.blockedSources | "COMMERCIAL_CARDS"                                                                                                               | paymentMethod.blockedSources                     |
        | A source that is none               | paymentMethod.blockedSources | ["CASH"]                                                                                                                         | paymentMethod.blockedSources[0]                  |
        | Metadata that is a list             | metadata                     | []                                                                                                                               | metadata                                         |
        | Metadata within metadata            | metadata                     | {"ride": {}}                                                                                                                     | metadata.ride                                    |
        | One legal link of two               | merchantLegalLinks           | {"termsOfSaleUrl": "https://taxi.example/terms"}                                                                                 | merchantLegalLinks.privacyPolicyUrl              |
        | A flight without a passenger        | industryData                 | {"airlineData": {"agencyInvoiceNumber": "1", "airlineCode": "074", "airlineDesignatorCode": "KL"}}                               | industryData.airlineData.passengerName           |
        | An invoice number of seven          | industryData                 | {"airlineData": {"agencyInvoiceNumber": "1234567", "airlineCode": "074", "airlineDesignatorCode": "KL", "passengerName": "A"}}    | industryData.airlineData.agencyInvoiceNumber     |
        | An airline of two digits            | industryData                 | {"airlineData": {"agencyInvoiceNumber": "1", "airlineCode": "74", "airlineDesignatorCode": "KL", "passengerName": "A"}}           | industryData.airlineData.airlineCode             |
        | An airline of three letters         | industryData                 | {"airlineData": {"agencyInvoiceNumber": "1", "airlineCode": "074", "airlineDesignatorCode": "KLM", "passengerName": "A"}}         | industryData.airlineData.airlineDesignatorCode   |
        | A ticket without a number           | industryData                 | {"airlineData": {"agencyInvoiceNumber": "1", "airlineCode": "074", "airlineDesignatorCode": "KL", "passengerName": "A", "ticketNumber": ""}} | industryData.airlineData.ticketNumber |
        | A time without a zone               | expiresAt                    | "2030-01-01T12:00:00"                                                                                                            | expiresAt                                        |
        | A day                               | expiresAt                    | "2030-01-01"                                                                                                                     | expiresAt                                        |
        | A receipt without lines             | receipt                      | {"orderLines": [], "bottomLine": {"currency": "NOK"}}                                                                            | receipt.orderLines                               |

    @official
    Scenario: An airline code of the wrong length is told which length is right
      When the merchant asks for NOK 345.92 with paymentDescription set to "ab"
      Then the request is refused and names the field "paymentDescription" because "The field PaymentDescription must be a string with a minimum length of 3 and a maximum length of 100."

    @official
    Scenario: Fields of several features at once
      When the merchant asks for NOK 345.92 with these members:
        | minimumUserAge     | 101                                              |
        | receiptUrl         | 1                                                |
        | merchantLegalLinks | {"termsOfSaleUrl": "https://taxi.example/terms"} |
      Then the request is refused and names the fields "minimumUserAge, receiptUrl, merchantLegalLinks.privacyPolicyUrl"

  Rule: What fits and makes no sense has a code

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused with <code> "<title>"
      And no payment has come of it

      Examples:
        | case                               | field                        | value                                                                                          | code | title                          |
        | A word that is no scope            | profile.scope                | "name shoeSize"                                                                                | 4080 | Invalid scope                  |
        | A receipt without encryption       | receiptUrl                   | "http://taxi.example/1"                                                                        | 4090 | Invalid URL                    |
        | A way back without encryption      | returnUrl                    | "http://taxi.example/1"                                                                        | 4090 | Invalid URL                    |
        | Card details without a card        | cardPassthrough              | {}                                                                                             | 4160 | Invalid payment method type    |
        | Commercial cards blocked in Norway | paymentMethod.blockedSources | ["COMMERCIAL_CARDS"]                                                                           | 5010 | Blocking sources not applicable |
        | The identity number, not permitted | profile.scope                | "nin"                                                                                          | 5030 | Illegal scope                  |

    @assumed
    Scenario: Terms of sale without encryption
      When the merchant asks for NOK 345.92 with merchantLegalLinks set to {"termsOfSaleUrl": "http://taxi.example/terms", "privacyPolicyUrl": "https://taxi.example/privacy"}
      Then the request is refused with 4090 "Invalid URL"
      And no payment has come of it

  Rule: What fits is taken

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is accepted

      Examples:
        | case                          | field              | value                                                                                                                      |
        | No age                        | minimumUserAge     | null                                                                                                                       |
        | Nobody is too young           | minimumUserAge     | 0                                                                                                                          |
        | A receipt in an app           | receiptUrl         | "taxiapp://receipt/1"                                                                                                      |
        | Both legal links              | merchantLegalLinks | {"termsOfSaleUrl": "https://taxi.example/terms", "privacyPolicyUrl": "https://taxi.example/privacy"}                       |
        | A flight                      | industryData       | {"airlineData": {"agencyInvoiceNumber": "1", "airlineCode": "074", "airlineDesignatorCode": "KL", "passengerName": "FLYER / MARY MS."}} |

    @official @mock-only
    Scenario: Commercial cards can be blocked in Denmark
      Given a merchant in Denmark
      When the merchant asks for DKK 345.92 with paymentMethod.blockedSources set to ["COMMERCIAL_CARDS"]
      Then the request is accepted

    @observed
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is accepted

      Examples:
        | case                             | field                        | value                  |
        | A member nobody knows            | colour                       | "blue"                 |
        | A member in the wrong place      | customer.customerInteraction | "CUSTOMER_NOT_PRESENT" |
        | Metadata that is a number        | metadata                     | {"orderid": 123}       |

  Rule: Who is too young does not get a request

    @official
    Scenario: A push message to somebody under age
      Given a customer who is under age
      When the merchant asks for NOK 345.92 with minimumUserAge set to 16
      Then the request is refused with 7010 "Customer not found"
      And no payment has come of it

    @official
    Scenario: Nobody asks for an age
      Given a customer who is under age
      When the merchant asks for NOK 345.92
      Then the request is accepted

    @assumed @mock-only
    Scenario: By a link somebody else may pay, but not who is too young
      Given a customer who is under age
      And a payment of NOK 345.92 with these members:
        | userFlow       | "WEB_REDIRECT"           |
        | returnUrl      | "https://taxi.example/1" |
        | minimumUserAge | 16                       |
      When the customer tries to approve
      Then the customer cannot
      And the payment is CREATED

  Rule: A card form is for production and for browsers

    @official
    Scenario: There is none in the test environment
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with paymentMethod.type set to "CARD"
      Then the request is refused with 5070 "Payment cannot be created"

    @official @mock-only
    Scenario: There is one in production
      Given a merchant in production
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with paymentMethod.type set to "CARD"
      Then the request is accepted

    @assumed @mock-only
    Scenario: It is not pushed to anybody
      Given a merchant in production
      When the merchant asks for NOK 345.92 with paymentMethod.type set to "CARD"
      Then the request is refused with 5070
      And no payment has come of it
