@assumed
Feature: Version 1
  The API description still has it and calls it no longer available. It named orders by the
  platform's transaction id, for which the order id of today stands in here.

  Source: Order Management API description, version 1.

  Rule: A receipt is stored once, whichever version it comes by

    Scenario: It is posted and shows in version 2
      When the merchant posts the receipt of a ride of NOK 345.92 by version 1
      Then the answer is 200 without a body
      And the order has the receipt of a ride of NOK 345.92

    Scenario: There is one already
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant posts the receipt of a ride of NOK 100.00 by version 1
      Then the answer is 409
      And the order has the receipt of a ride of NOK 345.92

    Scenario: It is read
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant reads the receipt by version 1
      Then the answer is 200
      And the answer has the members orderLines, bottomLine

    Scenario: There is none to read
      When the merchant reads the receipt by version 1
      Then the answer is 404

  Rule: A link is stored once, whichever version it comes by

    Scenario: It is put and shows in version 2
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT by version 1
      Then the answer is 200 without a body
      And the order shows a link to "https://taxi.example/r/1" as RECEIPT

    Scenario: It is read
      Given the merchant has put a link to "https://taxi.example/r/1" as RECEIPT
      When the merchant reads the link by version 1
      Then the answer is 200
      And the answer has the members category, orderDetailsUrl

    Scenario: There is none to read
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant reads the link by version 1
      Then the answer is 404
