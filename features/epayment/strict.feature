@assumed @mock-only
Feature: Strictness
  The platform is seen to ignore what it does not know. A strict sales unit refuses it, for those who
  want to send nothing but what is described.

  Source: API descriptions; the integration checklists.

  Rule: A strict sales unit refuses members that nobody has described

    Scenario Outline: <case>
      Given a merchant that is strict
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused and names the field "<field>"
      And no payment has come of it

      Examples:
        | case                        | field                        | value          |
        | A member nobody knows       | colour                       | "blue"         |
        | A member in the wrong place | customer.customerInteraction | "CUSTOMER_PRESENT" |
        | An amount with a unit       | amount.unit                  | "oere"         |
        | A reference in capitals     | Reference                    | "ride-0001"    |

    Scenario: All that is described is taken
      Given a merchant that is strict
      When the merchant asks for NOK 345.92
      Then the request is accepted

    Scenario: A capture with a note
      Given a merchant that is strict
      And a payment of NOK 345.92 that is approved
      When the merchant captures with note set to "thanks"
      Then the request is refused and names the field "note"
      And nothing has happened to the payment

  Rule: A strict sales unit insists on its headers

    Scenario Outline: <case>
      Given a merchant that is strict
      When the merchant reads a payment with the header "<header>" set to "<value>"
      Then the request is refused and names the field "<header>"

      Examples:
        | case                        | header                      | value                           |
        | A system of 31 letters      | Vipps-System-Name           | systemsystemsystemsystemsystems |
        | A version of 31 letters     | Vipps-System-Version        | 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 |

    Scenario: The number of the sales unit is left out
      Given a merchant that is strict
      When the merchant reads a payment without the header "Merchant-Serial-Number"
      Then the request is refused and names the field "Merchant-Serial-Number"

    Scenario: The number of the sales unit is left out, and nobody minds
      When the merchant reads a payment without the header "Merchant-Serial-Number"
      Then the request is refused with 5090
