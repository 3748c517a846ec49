//! `shipping`: Express, the choice of a delivery inside the app.

use std::sync::Arc;

use super::{address::callback_url, amount::whole_amount};
use crate::{
    domain::{
        Shipping,
        shipping::{Callback, Offer, ShippingBrand, ShippingGroup, ShippingOption, ShippingType},
    },
    http::schema::{Check, Node, Rule},
};

/// Either a list of options or somebody to ask for one.
pub(super) fn shipping(check: &mut Check, node: &Node<'_>) -> Option<Shipping> {
    check.members(node, "Shipping", &["fixedOptions", "dynamicOptions", "allowedCountries"])?;
    let countries = node.member("allowedCountries").map(|it| countries(check, &it));
    let offer = match (node.member("fixedOptions"), node.member("dynamicOptions")) {
        (Some(groups), None) => fixed_options(check, &groups).map(Offer::Fixed),
        (None, Some(callback)) => dynamic_options(check, &callback).map(Offer::Dynamic),
        (Some(_), Some(_)) | (None, None) => {
            let text = "Exactly one of fixedOptions and dynamicOptions must be given.";
            check.fail_at(node, Rule::Said(text.to_owned()));
            None
        }
    };
    Some(Shipping { offer: offer?, allowed_countries: countries.flatten() })
}

fn countries(check: &mut Check, node: &Node<'_>) -> Option<Vec<Arc<str>>> {
    let items: Vec<_> = check.list(node, "List`1[System.String]")?.collect();
    let country = |item: &Node<'_>| {
        let text = check.string(*item)?;
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Some(text.into());
        }
        check.fail_at(item, Rule::Pattern("^[A-Z]{2}$"));
        None
    };
    items.iter().map(country).collect()
}

fn dynamic_options(check: &mut Check, node: &Node<'_>) -> Option<Callback> {
    check.members(node, "DynamicOptions", &["callbackUrl", "callbackAuthorizationToken"])?;
    let url = check.required(node, "callbackUrl").and_then(|it| callback_url(check, it));
    // The description has a pattern for it, and the guide samples that break it: anything goes that
    // a header can carry.
    let token = node.member("callbackAuthorizationToken").and_then(|it| {
        let text = check.string(it)?;
        if text.chars().any(char::is_control) {
            check.fail_at(&it, Rule::Said("It cannot be sent as a header.".to_owned()));
        }
        Some(text.into())
    });
    Some(Callback { url: url?, token })
}

fn fixed_options(check: &mut Check, node: &Node<'_>) -> Option<Vec<ShippingGroup>> {
    let items: Vec<_> = check.list(node, "List`1[ShippingGroup]")?.collect();
    not_empty(check, node, &items)?;
    let groups: Vec<_> = items.iter().map(|item| group(check, item)).collect();
    let groups: Vec<_> = groups.into_iter().collect::<Option<_>>()?;
    for (index, group) in groups.iter().enumerate() {
        let is_like = |it: &ShippingGroup| (it.brand, it.kind) == (group.brand, group.kind);
        if groups[..index].iter().any(is_like) {
            let text = "There is another group of this brand and type.";
            check.fail_at(&items[index], Rule::Said(text.to_owned()));
        }
    }
    Some(groups)
}

fn group(check: &mut Check, node: &Node<'_>) -> Option<ShippingGroup> {
    let members = ["type", "brand", "options", "isDefault", "priority"];
    check.members(node, "ShippingGroup", &members)?;
    let kind = check.required(node, "type").and_then(|it| {
        check.word(it, "ShippingType", ShippingType::ALL.map(|kind| (kind.code(), kind)))
    });
    let brand = check.required(node, "brand").and_then(|it| {
        check.word(it, "ShippingBrand", ShippingBrand::ALL.map(|brand| (brand.code(), brand)))
    });
    let options = check.required(node, "options").and_then(|it| {
        let items: Vec<_> = check.list(&it, "List`1[ShippingOption]")?.collect();
        not_empty(check, &it, &items)?;
        let options: Vec<_> = items.iter().map(|item| option(check, item)).collect();
        options.into_iter().collect::<Option<_>>()
    });
    let is_default = node.member("isDefault").and_then(|it| check.boolean(it));
    let priority = node.member("priority").and_then(|it| priority(check, it));
    let is_default = is_default.unwrap_or_default();
    Some(ShippingGroup { kind: kind?, brand: brand?, is_default, priority, options: options? })
}

fn option(check: &mut Check, node: &Node<'_>) -> Option<ShippingOption> {
    let members = ["id", "amount", "name", "isDefault", "priority", "meta", "estimatedDelivery"];
    check.members(node, "ShippingOption", &members)?;
    let text = |check: &mut Check, node| check.string(node).map(Arc::<str>::from);
    let id = check.required(node, "id").and_then(|it| text(check, it));
    let cost = check.required(node, "amount").and_then(|it| whole_amount(check, &it));
    let name = check.required(node, "name").and_then(|it| text(check, it));
    let is_default = node.member("isDefault").and_then(|it| check.boolean(it));
    let priority = node.member("priority").and_then(|it| priority(check, it));
    let meta = node.member("meta").and_then(|it| text(check, it));
    let estimated_delivery = node.member("estimatedDelivery").and_then(|it| text(check, it));
    Some(ShippingOption {
        id: id?,
        amount: cost?,
        name: name?,
        is_default: is_default.unwrap_or_default(),
        priority,
        meta,
        estimated_delivery,
    })
}

fn priority(check: &mut Check, node: Node<'_>) -> Option<i64> {
    check.integer(node, i64::from(i32::MIN), i64::from(i32::MAX))
}

fn not_empty(check: &mut Check, node: &Node<'_>, items: &[Node<'_>]) -> Option<()> {
    if items.is_empty() {
        check.fail_at(node, Rule::NotEmpty);
        return None;
    }
    Some(())
}
