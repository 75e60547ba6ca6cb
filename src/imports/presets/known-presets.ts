import type { ImportMode } from '../../domain/import-columns.ts';
import type { Preset } from '../../domain/preset.ts';
import { amazonAllOrders, amazonUnshipped } from './systems/amazon.ts';
import { bigcommerce } from './systems/bigcommerce.ts';
import { ebay } from './systems/ebay.ts';
import { etsyItems, etsyOrders } from './systems/etsy.ts';
import { faire } from './systems/faire.ts';
import { magento1, magento2 } from './systems/magento.ts';
import { retail } from './systems/retail.ts';
import { shopify } from './systems/shopify.ts';
import { square } from './systems/square.ts';
import { squarespace } from './systems/squarespace.ts';
import { superstore } from './systems/superstore.ts';
import { tiktok } from './systems/tiktok.ts';
import { wix } from './systems/wix.ts';
import { woocommerce, woocommerceWebtoffee } from './systems/woocommerce.ts';

/** Every system whose files are known, in the order in which they are documented. */
export const knownPresets: readonly Preset[] = [
  shopify,
  squarespace,
  amazonAllOrders,
  amazonUnshipped,
  woocommerce,
  woocommerceWebtoffee,
  etsyItems,
  etsyOrders,
  ebay,
  wix,
  square,
  tiktok,
  magento1,
  magento2,
  bigcommerce,
  faire,
  retail,
  superstore,
];

/** Those that a file is recognised as. The retail sets' header is one of our own, too, so that their orders are placed straight in `new`. */
export function recognisedPresets(mode: ImportMode): readonly Preset[] {
  return mode === 'history' ? knownPresets : knownPresets.filter((preset) => preset !== retail);
}
