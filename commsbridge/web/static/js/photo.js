// A photo that is chosen is made smaller on the device, so that it goes over bad wifi and no size is too large. What the
// device cannot read goes as it is, and the service says what it thinks of it.
"use strict";

{
  const LONGEST = 2048;
  const SMALL_ENOUGH = 1_500_000;

  const smaller = async (file) => {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const paper = document.createElement("canvas");
    paper.width = Math.round(image.width * scale);
    paper.height = Math.round(image.height * scale);
    const brush = paper.getContext("2d");
    brush.fillStyle = "white";
    brush.fillRect(0, 0, paper.width, paper.height);
    brush.drawImage(image, 0, 0, paper.width, paper.height);
    image.close();
    const made = await new Promise((resolve) => paper.toBlob(resolve, "image/jpeg", 0.85));
    return made ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
  };

  const take = async (field) => {
    const [file] = field.files;
    if (!file || (file.size < SMALL_ENOUGH && !/hei[cf]/.test(file.type))) return;
    const made = await smaller(file).catch(() => file);
    // Another may have been chosen meanwhile.
    if (field.files[0] !== file || made.size >= file.size) return;
    const chosen = new DataTransfer();
    chosen.items.add(made);
    field.files = chosen.files;
  };

  // This script may come with the choice itself.
  for (const field of document.querySelectorAll("input[type=file][name=photo]")) {
    field.addEventListener("change", () => take(field));
    take(field);
  }
}
