Feature: Links
  A link leads from an order in the app to a page of the merchant's. The API calls it a category.

  Source: Order Management API description, `CategoryEnum`; Order Management API guide.

  Rule: An order shows one link, and a later one takes its place

    @official
    Scenario: The first link
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT
      Then the answer is 200
      And the answer is a JSON string
      And the order shows a link to "https://taxi.example/r/1" as RECEIPT

    @official
    Scenario: Another one
      Given the merchant has put a link to "https://taxi.example/r/1" as GENERAL
      When the merchant puts a link to "https://taxi.example/r/2" as RECEIPT
      Then the answer is 200
      And the order shows a link to "https://taxi.example/r/2" as RECEIPT

    @assumed
    Scenario: The same one once more
      Given the merchant has put a link to "https://taxi.example/r/1" as RECEIPT
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT
      Then the answer is 200
      And the order has 1 link

    @official
    Scenario: The order has a receipt as well
      Given the merchant has posted the receipt of a ride of NOK 345.92
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT
      Then the order has the receipt of a ride of NOK 345.92
      And the order shows a link to "https://taxi.example/r/1" as RECEIPT

  Rule: A link is of a kind the app knows, and leads somewhere

    @official
    Scenario Outline: A link as <kind>
      When the merchant puts a link to "https://taxi.example/r/1" as <kind>
      Then the answer is 200
      And the order shows a link to "https://taxi.example/r/1" as <kind>

      Examples:
        | kind               |
        | GENERAL            |
        | RECEIPT            |
        | ORDER_CONFIRMATION |
        | DELIVERY           |
        | TICKET             |
        | BOOKING            |

    @assumed
    Scenario: Into an app
      When the merchant puts a link to "fjordtaxi:///ride/1" as TICKET
      Then the answer is 200

    @official
    Scenario Outline: A link with <case>
      When the merchant puts a link with "<member>" set to <value>
      Then the answer names the parameter "<parameter>"
      And nothing is stored for the order

      Examples:
        | case                 | member          | value                | parameter       |
        | a kind that is none  | category        | "COUPON"             | Category        |
        | no kind              | category        | null                 | Category        |
        | no address           | orderDetailsUrl | nothing              | OrderDetailsUrl |
        | an empty address     | orderDetailsUrl | ""                   | OrderDetailsUrl |
        | half an address      | orderDetailsUrl | "taxi.example/r/1"   | OrderDetailsUrl |
        | an id that cannot be | imageId         | "logo 1"             | ImageId         |

  Rule: The image of a link was uploaded before

    @official
    Scenario: It was
      Given the merchant has uploaded a PNG of 200 pixels as "logo-1"
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT with the image "logo-1"
      Then the answer is 200

    @assumed
    Scenario: It was not
      When the merchant puts a link to "https://taxi.example/r/1" as RECEIPT with the image "logo-1"
      Then the answer is 404
      And nothing is stored for the order

    @assumed
    Scenario: It was not, and the link is a thing of its own
      When the merchant adds a link with an image that was never uploaded
      Then the answer names the parameter "ImageId"
      And nothing is stored for the order

  Rule: In version 3 a link is a thing of its own

    @official
    Scenario: It is added
      When the merchant adds a link to "https://taxi.example/r/1" as RECEIPT
      Then the answer is 201
      And the answer has the members categoryId
      And the order shows a link to "https://taxi.example/r/1" as RECEIPT

    @official
    Scenario: It is read
      Given the merchant has added a link to "https://taxi.example/r/1" as RECEIPT
      When the merchant reads the last link
      Then the answer is 200
      And the answer has the members categoryId, orderId, paymentType, type, url
      And "paymentType" of the answer is "ECOM"

    @official
    Scenario: There is none of that id
      When the merchant reads the unknown link
      Then the answer is 404

    @official
    Scenario: It is deleted
      Given the merchant has added a link to "https://taxi.example/r/1" as RECEIPT
      When the merchant deletes the last link
      Then the answer is 200 without a body
      And nothing is stored for the order

    @official
    Scenario: None of that id is deleted
      When the merchant deletes the unknown link
      Then the answer is 404

    @assumed
    Scenario: An order without links has an empty list
      When the merchant lists the links of the order
      Then the answer is 200
      And "categories" of the answer is []

    @assumed
    Scenario: A list is of one order
      When the merchant lists links without naming an order
      Then the answer names the parameter "OrderId"

  @assumed
  Rule: Both versions show the same links

    Scenario: Two links are added
      Given the merchant has added a link to "https://taxi.example/r/1" as GENERAL
      When the merchant adds a link to "https://taxi.example/r/2" as RECEIPT
      Then the order has 2 links
      And the order shows a link to "https://taxi.example/r/2" as RECEIPT

    Scenario: The last of two is deleted
      Given the merchant has added a link to "https://taxi.example/r/1" as GENERAL
      And the merchant has added a link to "https://taxi.example/r/2" as RECEIPT
      When the merchant deletes the last link
      Then the order shows a link to "https://taxi.example/r/1" as GENERAL

    Scenario: Version 2 replaces all of them
      Given the merchant has added a link to "https://taxi.example/r/1" as GENERAL
      And the merchant has added a link to "https://taxi.example/r/2" as RECEIPT
      When the merchant puts a link to "https://taxi.example/r/3" as TICKET
      Then the answer is the id of the last link
      And the order has 1 link
      And the order shows a link to "https://taxi.example/r/3" as TICKET

    Scenario: What version 2 replaced is gone
      Given the merchant has added a link to "https://taxi.example/r/1" as GENERAL
      And the merchant has added a link to "https://taxi.example/r/2" as RECEIPT
      And the merchant has put a link to "https://taxi.example/r/3" as TICKET
      When the merchant reads the first link
      Then the answer is 404
