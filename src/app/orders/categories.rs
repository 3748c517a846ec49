//! Links to the merchant's pages, in two views of one thing: version 2 of the API has one link an
//! order and replaces it, version 3 has links with names of their own. The last one is shown.

use super::{OrderError, store::Orders};
use crate::{
    app::{
        facts::Fact,
        unit::{Change, SalesUnit},
    },
    domain::{Category, CategoryId, Link, OrderKey, reference::OrderId},
};

impl SalesUnit {
    /// Makes this the only link of an order. It keeps the id of the one it replaces, so doing it
    /// twice is doing it once.
    ///
    /// # Errors
    ///
    /// [`OrderError::UnknownImage`] or [`OrderError::Full`]; then nothing has changed.
    pub fn put_category(&self, order: OrderKey, link: Link) -> Result<CategoryId, OrderError> {
        self.change(|change| {
            let orders = &mut change.state.orders;
            check_image(orders, &link)?;
            orders.room_for_link(&order, &link)?;
            let known = orders.get(&order).map(|it| it.categories.clone()).unwrap_or_default();
            let replaced = known.last().map(|it| it.id.clone());
            let id = replaced.unwrap_or_else(|| CategoryId(change.unit.entropy().uuid()));
            change.add_category(Category { id: id.clone(), order, link }, &known);
            Ok(id)
        })
    }

    /// Adds a link to an order.
    ///
    /// # Errors
    ///
    /// [`OrderError::UnknownImage`] or [`OrderError::Full`]; then nothing has changed.
    pub fn add_category(&self, order: OrderKey, link: Link) -> Result<CategoryId, OrderError> {
        self.change(|change| {
            let orders = &change.state.orders;
            check_image(orders, &link)?;
            orders.room_for_one_more_link(&order)?;
            orders.room_for_link(&order, &link)?;
            let id = CategoryId(change.unit.entropy().uuid());
            change.add_category(Category { id: id.clone(), order, link }, &[]);
            Ok(id)
        })
    }

    /// The link of this id.
    ///
    /// # Errors
    ///
    /// [`OrderError::UnknownCategory`].
    pub fn category(&self, id: &CategoryId) -> Result<Category, OrderError> {
        self.look(|state, _| state.orders.category(id).cloned())
            .ok_or_else(|| OrderError::UnknownCategory(id.clone()))
    }

    /// All links of an id, whichever API the order belongs to.
    #[must_use]
    pub fn categories(&self, order: &OrderId) -> Vec<Category> {
        let keys = super::PaymentType::ALL
            .map(|payment_type| OrderKey { payment_type, id: order.clone() });
        self.look(|state, _| {
            let orders = keys.iter().filter_map(|key| state.orders.get(key));
            orders.flat_map(|order| order.categories.clone()).collect()
        })
    }

    /// Deletes the link of this id. The one before it, if any, is shown again.
    ///
    /// # Errors
    ///
    /// [`OrderError::UnknownCategory`].
    pub fn delete_category(&self, id: &CategoryId) -> Result<(), OrderError> {
        self.change(|change| {
            let removed = change.state.orders.remove_category(id);
            let category = removed.ok_or_else(|| OrderError::UnknownCategory(id.clone()))?;
            change.note(Fact::CategoryDeleted { order: category.order.id });
            Ok(())
        })
    }
}

impl Change<'_> {
    /// Stores a link in place of others, which there are.
    fn add_category(&mut self, category: Category, replaced: &[Category]) {
        for old in replaced {
            self.state.orders.remove_category(&old.id);
        }
        let (order, kind) = (category.order.id.clone(), category.link.kind);
        self.state.orders.add_category(category);
        self.note(Fact::Category { order, kind });
    }
}

fn check_image(orders: &Orders, link: &Link) -> Result<(), OrderError> {
    match &link.image {
        Some(image) if orders.image(image).is_none() => {
            Err(OrderError::UnknownImage(image.clone()))
        }
        Some(_) | None => Ok(()),
    }
}
