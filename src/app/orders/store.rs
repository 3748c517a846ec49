//! Everything that Order Management keeps for a sales unit, and how much that may be.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Order, StoredReceipt, pictures};
use crate::{
    app::snapshot::pairs,
    domain::{Category, CategoryId, Image, ImageId, Link, OrderKey, Receipt},
};

/// The most orders of a sales unit that have a receipt or a link.
pub const ORDERS_MAX: usize = 10_000;

/// The most bytes that the receipts and links of a sales unit take.
pub const RECEIPT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The most links of one order.
pub const CATEGORIES_MAX: usize = 100;

/// The most images of a sales unit.
pub const IMAGES_MAX: usize = 1_000;

/// The most bytes that the images of a sales unit take.
pub const IMAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// There is no more room. The platform has no such limits; the mock has, because it keeps all in
/// memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum StorageFull {
    /// For another order.
    #[error("a sales unit of the mock keeps at most {ORDERS_MAX} orders; reset it for room")]
    Orders,
    /// For these lines or this link.
    #[error(
        "a sales unit of the mock keeps at most {RECEIPT_BYTES_MAX} bytes of receipts and links; \
         reset it for room"
    )]
    ReceiptBytes,
    /// For another link of one order.
    #[error("an order in the mock keeps at most {CATEGORIES_MAX} categories; delete some")]
    Categories,
    /// For another image.
    #[error("a sales unit of the mock keeps at most {IMAGES_MAX} images; reset it for room")]
    Images,
    /// For so large an image.
    #[error(
        "a sales unit of the mock keeps at most {IMAGE_BYTES_MAX} bytes of images; reset it for room"
    )]
    ImageBytes,
}

/// Orders by name, and what their links and images are found by.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::app) struct Orders {
    #[serde(with = "pairs")]
    by_key: HashMap<OrderKey, Filed>,
    keys_of_categories: HashMap<CategoryId, OrderKey>,
    #[serde(with = "pictures")]
    images: HashMap<ImageId, Arc<Image>>,
    /// How many orders there ever were: the next one's place.
    places: u64,
    receipt_bytes: usize,
    image_bytes: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Filed {
    place: u64,
    order: Order,
}

impl Orders {
    pub(in crate::app) fn get(&self, key: &OrderKey) -> Option<&Order> {
        self.by_key.get(key).map(|filed| &filed.order)
    }

    pub(super) fn in_order(&self) -> Vec<(&OrderKey, &Order)> {
        let mut filed: Vec<_> = self.by_key.iter().collect();
        filed.sort_by_key(|(_, filed)| filed.place);
        filed.into_iter().map(|(key, filed)| (key, &filed.order)).collect()
    }

    pub(super) fn has_receipt(&self, key: &OrderKey) -> bool {
        self.get(key).is_some_and(|order| order.receipt.is_some())
    }

    pub(super) fn room_for_receipt(
        &self,
        key: &OrderKey,
        receipt: &Receipt,
    ) -> Result<(), StorageFull> {
        self.room_for(key, receipt.weight_bytes())
    }

    pub(super) fn room_for_link(&self, key: &OrderKey, link: &Link) -> Result<(), StorageFull> {
        self.room_for(key, weight(link))
    }

    pub(super) fn room_for_one_more_link(&self, key: &OrderKey) -> Result<(), StorageFull> {
        let links = self.get(key).map_or(0, |order| order.categories.len());
        if links < CATEGORIES_MAX { Ok(()) } else { Err(StorageFull::Categories) }
    }

    fn room_for(&self, key: &OrderKey, bytes: usize) -> Result<(), StorageFull> {
        if !self.by_key.contains_key(key) && ORDERS_MAX <= self.by_key.len() {
            return Err(StorageFull::Orders);
        }
        if RECEIPT_BYTES_MAX < self.receipt_bytes + bytes {
            return Err(StorageFull::ReceiptBytes);
        }
        Ok(())
    }

    pub(super) fn room_for_image(&self, image: &Image) -> Result<(), StorageFull> {
        if IMAGES_MAX <= self.images.len() {
            return Err(StorageFull::Images);
        }
        if IMAGE_BYTES_MAX < self.image_bytes + image.picture.bytes().len() {
            return Err(StorageFull::ImageBytes);
        }
        Ok(())
    }

    pub(super) fn put_receipt(&mut self, key: OrderKey, stored: StoredReceipt) {
        self.receipt_bytes += stored.receipt.weight_bytes();
        self.entry(key).receipt = Some(stored);
    }

    /// Lets the platform itself change a receipt, and says whether it did.
    pub(in crate::app) fn rewrite_receipt(
        &mut self,
        key: &OrderKey,
        rewrite: impl FnOnce(&mut Receipt) -> bool,
    ) -> bool {
        let order = self.by_key.get_mut(key).map(|filed| &mut filed.order);
        let Some(stored) = order.and_then(|order| order.receipt.as_mut()) else { return false };
        let before = stored.receipt.weight_bytes();
        let is_rewritten = rewrite(&mut stored.receipt);
        self.receipt_bytes = self.receipt_bytes - before + stored.receipt.weight_bytes();
        is_rewritten
    }

    pub(super) fn add_category(&mut self, category: Category) {
        let (id, key) = (category.id.clone(), category.order.clone());
        self.receipt_bytes += weight(&category.link);
        self.keys_of_categories.insert(id, key.clone());
        self.entry(key).categories.push(category);
    }

    pub(super) fn category(&self, id: &CategoryId) -> Option<&Category> {
        let order = self.get(self.keys_of_categories.get(id)?)?;
        order.categories.iter().find(|category| category.id == *id)
    }

    /// Takes a link out, and the order with it if nothing else is stored for it.
    pub(super) fn remove_category(&mut self, id: &CategoryId) -> Option<Category> {
        let key = self.keys_of_categories.remove(id)?;
        let order = &mut self.by_key.get_mut(&key)?.order;
        let place = order.categories.iter().position(|category| category.id == *id)?;
        let category = order.categories.remove(place);
        self.receipt_bytes -= weight(&category.link);
        if order.is_empty() {
            self.by_key.remove(&key);
        }
        Some(category)
    }

    pub(super) fn image(&self, id: &ImageId) -> Option<&Arc<Image>> {
        self.images.get(id)
    }

    pub(super) fn put_image(&mut self, image: Image) {
        self.image_bytes += image.picture.bytes().len();
        self.images.insert(image.id.clone(), Arc::new(image));
    }

    fn entry(&mut self, key: OrderKey) -> &mut Order {
        let place = self.places;
        let filed = self.by_key.entry(key).or_insert_with(|| {
            self.places += 1;
            Filed { place, order: Order::default() }
        });
        &mut filed.order
    }
}

/// How much room a link takes in memory, roughly, in bytes.
fn weight(link: &Link) -> usize {
    let image = link.image.as_ref().map_or(0, |image| image.as_str().len());
    size_of::<Category>() + link.url.len() + image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::orders::{PaymentType, ReceiptSource},
        domain::{
            CategoryKind,
            image::{ImageFormat, Picture, SIZE_MAX_BYTES},
            receipt::{BottomLine, OrderLine, TaxRate},
        },
    };

    fn key(number: usize) -> OrderKey {
        let id = format!("ride-{number}").parse().unwrap();
        OrderKey { payment_type: PaymentType::Ecom, id }
    }

    fn stored(name_bytes: usize) -> StoredReceipt {
        let line = OrderLine {
            name: "x".repeat(name_bytes).into(),
            id: "ride".into(),
            total_minor: 0,
            total_excluding_tax_minor: 0,
            tax_minor: 0,
            tax: TaxRate::Unsaid,
            unit: None,
            discount_minor: None,
            product_url: None,
            is_return: None,
            is_shipping: None,
        };
        let receipt = Receipt { order_lines: vec![line], bottom_line: BottomLine::default() };
        StoredReceipt { receipt, source: ReceiptSource::Posted, at: jiff::Timestamp::UNIX_EPOCH }
    }

    fn image(number: usize, bytes: usize) -> Image {
        let picture = Picture::new(ImageFormat::Png, (200, 200), vec![0; bytes]).unwrap();
        Image { id: format!("image-{number}").parse().unwrap(), picture }
    }

    fn category(number: usize) -> Category {
        let link =
            Link { kind: CategoryKind::General, url: "https://a.example".into(), image: None };
        Category { id: CategoryId(format!("id-{number}").into()), order: key(0), link }
    }

    #[test]
    fn orders_are_counted() {
        let mut orders = Orders::default();
        for number in 0..ORDERS_MAX {
            assert_eq!(orders.room_for_receipt(&key(number), &stored(1).receipt), Ok(()));
            orders.put_receipt(key(number), stored(1));
        }
        let one_more = orders.room_for_receipt(&key(ORDERS_MAX), &stored(1).receipt);
        assert_eq!(one_more, Err(StorageFull::Orders));
        // An order that is there may still get its link.
        assert_eq!(orders.room_for_link(&key(0), &category(0).link), Ok(()));
    }

    #[test]
    fn lines_are_weighed() {
        let mut orders = Orders::default();
        let heavy = stored(RECEIPT_BYTES_MAX / 2);
        orders.put_receipt(key(0), heavy.clone());
        assert_eq!(
            orders.room_for_receipt(&key(1), &heavy.receipt),
            Err(StorageFull::ReceiptBytes)
        );
        assert_eq!(orders.room_for_receipt(&key(1), &stored(1).receipt), Ok(()));
    }

    #[test]
    fn links_of_an_order_are_counted_and_leave_nothing_behind() {
        let mut orders = Orders::default();
        for number in 0..CATEGORIES_MAX {
            assert_eq!(orders.room_for_one_more_link(&key(0)), Ok(()));
            orders.add_category(category(number));
        }
        assert_eq!(orders.room_for_one_more_link(&key(0)), Err(StorageFull::Categories));
        for number in 0..CATEGORIES_MAX {
            assert!(orders.remove_category(&category(number).id).is_some());
        }
        assert_eq!((orders.receipt_bytes, orders.by_key.len()), (0, 0));
    }

    #[test]
    fn images_are_counted_and_weighed() {
        let mut orders = Orders::default();
        for number in 0..IMAGES_MAX {
            assert_eq!(orders.room_for_image(&image(number, 1)), Ok(()));
            orders.put_image(image(number, 1));
        }
        assert_eq!(orders.room_for_image(&image(IMAGES_MAX, 1)), Err(StorageFull::Images));
        let mut orders = Orders::default();
        for number in 0..IMAGE_BYTES_MAX / SIZE_MAX_BYTES {
            orders.put_image(image(number, SIZE_MAX_BYTES));
        }
        assert_eq!(orders.room_for_image(&image(99, 1)), Err(StorageFull::ImageBytes));
    }
}
