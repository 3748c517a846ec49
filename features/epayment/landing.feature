@mock-only
Feature: The landing page
  A link leads the customer to a page that asks who pays. Whoever that is confirms in the app, and the
  browser goes back to where the merchant wants it. The page stands for the platform's own, which no
  program may drive; so these scenarios run against a mock only.

  Source: ePayment API guide, landing page and app switch.

  @official
  Rule: The link leads to a page that says what is to be paid, and to whom

    Scenario Outline: A page in <market>
      Given a merchant in <market>
      And a payment of <amount> by WEB_REDIRECT
      When the customer opens the link
      Then the page asks for a phone number
      And the page shows "<amount>"
      And the page shows "A ride across town"
      And the page shows "<brand>"

      Examples:
        | market  | amount     | brand     |
        | Norway  | NOK 345.92 | Vipps     |
        | Denmark | DKK 245.00 | MobilePay |
        | Finland | EUR 28.50  | MobilePay |

    Scenario: A number that the merchant knows is filled in
      Given a payment of NOK 345.92 by WEB_REDIRECT
      When the customer opens the link
      Then the page asks for a phone number, and "+4790000099" is filled in

    Scenario: A number that the merchant does not know is not
      Given a payment of NOK 345.92 by WEB_REDIRECT with customer set to nothing
      When the customer opens the link
      Then the page asks for a phone number, and "" is filled in

    Scenario: To open the link changes nothing
      Given a payment of NOK 345.92 by WEB_REDIRECT
      When the customer opens the link
      Then nothing has happened to the payment

    Scenario: A link may be opened twice before a number is sent
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the customer opens the link again
      Then the page asks for a phone number
      And nothing has happened to the payment

  @assumed
  Rule: A token of nobody leads nowhere

    Scenario: A link that was never made
      When the customer opens a link that was never made
      Then the page is refused with 404
      And the page says "This link leads nowhere"

  @official
  Rule: The customer says who pays, and confirms in the app

    Scenario: The number is sent
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the customer enters the number
      Then the page waits for the app
      And the payment is CREATED

    Scenario: The customer approves
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When the customer approves on the page
      Then the payment is AUTHORIZED

    Scenario: An approval on a phone takes the browser along
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      And the customer has approved
      When the page is looked at again
      Then the customer is sent to "https://taxi.example/rides/1"

    Scenario Outline: <who> may pay instead
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered "<number>"
      When the customer approves on the page
      Then the payment is AUTHORIZED

      Examples:
        | who                          | number           |
        | Another number               | 4790000098       |
        | A number without its country | 90 00 00 97      |
        | A number with a plus sign    | +47 900 00 097   |
        | A neighbour from Denmark     | +45 90 00 00 97  |
        | A neighbour from Finland     | +358 90 000 0097 |

  @official
  Rule: Whatever the outcome, the browser goes to the same address, and nothing is added to it

    Scenario Outline: The customer <act>
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When the customer <act> on the page
      Then the customer is sent to "https://taxi.example/rides/1"
      And the payment is <state>

      Examples:
        | act      | state      |
        | approves | AUTHORIZED |
        | rejects  | ABORTED    |
        | cancels  | ABORTED    |

    Scenario: The customer cancels at once
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the customer cancels on the page
      Then the customer is sent to "https://taxi.example/rides/1"
      And the payment is ABORTED

    Scenario: The merchant's own address is kept as it is
      Given a payment of NOK 345.92 by WEB_REDIRECT with returnUrl set to "taxiapp://ride/1?paid=maybe&x=1"
      And the customer has opened the link
      When the customer cancels on the page
      Then the customer is sent to "taxiapp://ride/1?paid=maybe&x=1"

  @assumed
  Rule: What the customer cannot know yet is said before

    Scenario: Nobody sent a number in time
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And 10 minutes have passed
      When the customer opens the link
      Then the page says "The request has expired"
      And the page shows "https://taxi.example/rides/1"
      And the customer is not sent away

    Scenario: Nobody confirmed in time
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      And 10 minutes have passed
      When the page is looked at again
      Then the page says "The request has expired"

    Scenario: The merchant took the request back
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the payment is cancelled by the merchant
      When the customer opens the link
      Then the page says "Cancelled by the merchant"

  @official
  Rule: To go back after the number was sent aborts the payment

    Scenario: Back from the page that waits
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When the customer goes back
      Then the payment is ABORTED
      And the customer is sent to "https://taxi.example/rides/1"

    Scenario: A number that was refused has not been sent
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered "not a number"
      When the customer goes back
      Then the page asks for a phone number
      And nothing has happened to the payment

  @assumed
  Rule: A browser that fetches ahead is nobody who goes back

    Scenario: The link is fetched while the page waits
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When a browser fetches the link ahead
      Then nothing has happened to the payment

  @official
  Rule: A link is used once

    Scenario: After the payment
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      And the customer has approved on the page
      When the customer opens the link again
      Then the page is refused with 410
      And the page says "This link has been used"

    Scenario: After the customer cancelled
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has cancelled on the page
      When the customer opens the link again
      Then the page is refused with 410
      And the payment is ABORTED

  @assumed
  Rule: A test customer acts when the number is sent, as on a push

    Scenario Outline: Somebody who <habit>
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the number of somebody who <habit> is entered
      Then the payment is <state>

      Examples:
        | habit                     | state      |
        | approves at once          | AUTHORIZED |
        | approves after 30 seconds | CREATED    |
        | rejects                   | ABORTED    |
        | never answers             | CREATED    |

    Scenario: Nobody acts before the number is sent
      Given a customer who approves at once
      And a payment of NOK 345.92 by WEB_REDIRECT
      When 9 minutes 59 seconds pass
      Then the payment is CREATED

  @assumed
  Rule: Nobody learns why a number cannot pay

    Scenario: The number belongs to nobody
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the number of somebody who is unknown is entered
      Then the page is refused with 422
      And the page says "This number cannot be used for this payment"
      And nothing has happened to the payment

    Scenario Outline: The owner of the number is younger than <age>
      Given a payment of NOK 345.92 by WEB_REDIRECT with minimumUserAge set to <age>
      And the customer has opened the link
      When the number of somebody who is under age is entered
      Then the payment is CREATED
      And the page is refused with 422
      And the page says "This number cannot be used for this payment"

      Examples:
        | age |
        | 16  |
        | 18  |

    Scenario: An age is no matter where the merchant asks for none
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the number of somebody who is under age is entered
      Then the page waits for the app

    Scenario: The merchant is not told so either when it fills in a number of nobody
      Given a customer who is unknown
      When the merchant asks for NOK 345.92 by WEB_REDIRECT
      Then the request is accepted

    Scenario: Another number may follow
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered "4790000010"
      When the customer enters "4790000099"
      Then the page waits for the app

    Scenario Outline: <text> is no number
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When the customer enters "<text>"
      Then the page is refused with 422
      And the page says "Enter a phone number"
      And nothing has happened to the payment

      Examples:
        | text             |
        | not a number     |
        | 900              |
        | 4790000001234567 |

  @assumed
  Rule: A card that is refused leaves the payment open

    Scenario: The customer has no money
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the number of somebody who has no money has been entered
      When the customer approves on the page
      Then the page is refused with 422
      And the page says "insufficient funds"
      And the payment is CREATED

    Scenario: The customer has a second card
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      And the number of somebody who has a second card has been entered
      When 1 minute passes
      Then the payment is AUTHORIZED

    Scenario: The bank does not know for an hour
      Given a payment of NOK 2.01 by WEB_REDIRECT
      And the customer has opened the link
      And the customer has entered the number
      When the customer approves on the page
      Then the page waits for the app
      And the payment is CREATED

  @official
  Rule: The page says how much time is left, by the sales unit's clock

    Scenario Outline: After <time>
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And <time> have passed
      When the customer opens the link
      Then the page says that <left> is left

      Examples:
        | time                 | left  |
        | 0 seconds            | 10:00 |
        | 1 second             | 9:59  |
        | 3 minutes 25 seconds | 6:35  |
        | 9 minutes 59 seconds | 0:01  |

  @assumed
  Rule: What a merchant writes is shown as text

    Scenario: A description that would be a program
      Given a payment of NOK 345.92 by WEB_REDIRECT with paymentDescription set to "<script>alert('&')</script>"
      When the customer opens the link
      Then the page does not contain "<script>alert"
      And the page shows "alert("

  @assumed
  Rule: Only the mock's own pages may act

    Scenario: A form from elsewhere
      Given a payment of NOK 345.92 by WEB_REDIRECT
      And the customer has opened the link
      When a page elsewhere sends the number
      Then the page is refused with 403
      And nothing has happened to the payment

  @official
  Rule: The app's link stands for the same page

    Scenario: A payment that an app starts
      Given a payment of NOK 345.92 by NATIVE_REDIRECT with returnUrl set to "taxiapp://ride/1"
      When the customer opens the landing page of the app's link
      Then the page asks for a phone number
      And the link begins with "vippsMT://token="
