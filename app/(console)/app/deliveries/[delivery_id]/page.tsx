import type { Metadata } from "next";
import { DeliveryPage } from "@/components/deliveries/delivery-page";

export const metadata: Metadata = { title: "Delivery" };

export default async function OneDeliveryPage({ params }: { params: Promise<{ delivery_id: string }> }) {
  const { delivery_id } = await params;
  return <DeliveryPage key={delivery_id} deliveryId={delivery_id} />;
}
