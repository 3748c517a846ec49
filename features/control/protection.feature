@assumed @mock-only
Feature: Who may steer the mock
  A mock runs beside a developer's browser, and whoever steers it can pay, cancel and reset.

  Source: our own control API.

  Rule: A web page does not steer the mock, unless it is the mock's own

    Scenario Outline: <case>
      Given a payment of NOK 345.92
      When a page of "<origin>" resets the sales unit
      Then the control API refuses with 403
      And the answer is 403 and says "<origin>"
      And nothing has happened to the payment

      Examples:
        | case                              | origin               |
        | A page on the internet            | https://evil.example |
        | Another program of this machine   | http://127.0.0.1:1   |
        | A page that hides where it is     | null                 |

    Scenario: A page that only looks
      When a page of "https://evil.example" reads the sales unit's keys
      Then the control API refuses with 403

    Scenario: A page of the mock itself
      Given a payment of NOK 345.92
      When a page of the mock resets the sales unit
      Then there is no payment in the unit

    Scenario: The platform's API does not look at pages
      Given a payment of NOK 345.92
      When a page of "https://shop.example" reads the payment with the merchant's keys
      Then the answer is 200

  Rule: The mock is called by an address, by a private name, or by its public URL

    A public name can be pointed at a local address by whoever owns it, and a page of that name is then
    no stranger to the browser.

    Scenario Outline: Called <name>
      Given a payment of NOK 345.92
      When the tester resets the sales unit at "<name>"
      Then there is no payment in the unit

      Examples:
        | name                      |
        | 127.0.0.1:8080            |
        | [::1]:8080                |
        | 192.168.1.7               |
        | localhost:8080            |
        | mock:8080                 |
        | mock.localhost            |
        | host.docker.internal:8080 |
        | mock.local                |
        | mock.test                 |
        | mock.lan                  |
        | mock.home.arpa            |

    Scenario Outline: Called <name>
      Given a payment of NOK 345.92
      When the tester resets the sales unit at "<name>"
      Then the control API refuses with 403
      And the answer is 403 and says "<name>"
      And nothing has happened to the payment

      Examples:
        | name                   |
        | evil.example           |
        | evil.example:8080      |
        | 127.0.0.1.evil.example |
        | local.evil.example     |

    Scenario: The platform's API may have any name
      Given a payment of NOK 345.92
      When the merchant reads the payment at "apitest.vipps.no"
      Then the answer is 200

  Rule: Where links lead can be asked and changed while the mock runs

    Scenario: Links begin with the public URL
      Given a payment of NOK 345.92 by WEB_REDIRECT
      When the tester asks for the public URL
      Then the link that the merchant was given begins with it

    Scenario Outline: <case>
      When the tester sets the public URL to "<url>"
      Then the control API refuses with 400

      Examples:
        | case                   | url                       |
        | A name without http    | mock.example              |
        | Another scheme         | ftp://mock.example        |
        | More than an address   | http://mock.example?page= |
        | Nothing                |                           |
