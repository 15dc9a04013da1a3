#include "app/panels/exchange_actions.h"

#include <imgui.h>

#include <filesystem>
#include <utility>

#include "app/panels/edit_actions.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/notice_bar.h"
#include "app/panels/steer_actions.h"
#include "app/state/drag_file.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/picture_name.h"
#include "engine/gallery/recipe_png.h"
#include "engine/pixelart/fit.h"

namespace kiln {
namespace {

constexpr const char* kClipboard = "clipboard";

void tell_why_not(Studio& studio, const std::string& why_not) { studio.mirror.notices.add(NoticeKind::kInfo, why_not); }

std::string kept_path(const Studio& studio, const GalleryItem& item) { return studio.view.gallery.shown->folder + "/" + item.file; }

std::string why_not_kept(const GalleryItem* item) {
  if (item == nullptr) return "No sprite is chosen";
  return item->width == 0 ? "This picture cannot be read" : "";
}

std::string why_not_made(const Studio& studio, int index) {
  if (studio.mirror.batch().count() == 0) return "There is no sprite yet";
  return studio.mirror.is_finished(index) ? "" : "The sprite is still being made";
}

void apply(Studio& studio, const ImageCopied&) {
  studio.mirror.notices.add(NoticeKind::kDone, "the sprite is on the clipboard, as an image", "paste it in another program");
}

void apply(Studio& studio, const FileDropped& dropped) {
  studio.mirror.notices.add(NoticeKind::kDone, "“" + dropped.file.filename().string() + "” was given to the other program");
}

// That there is no image, or another system than X11, is no error of this program.
void apply(Studio& studio, const Error& error) {
  const bool fact = error.code == ErrorCode::kNotFound || error.code == ErrorCode::kUnsupported;
  studio.mirror.notices.add(fact ? NoticeKind::kInfo : NoticeKind::kError, error.message, error.hint, error.detail);
}

void apply(Studio& studio, const ImagePasted& pasted) {
  if (studio.view.tab != Tab::kGenerate) return;
  if (!studio.view.edit.open) return start_from_image(studio, pasted.image, kClipboard);
  PixelEditor& editor = studio.view.edit.editor;
  const Image& sprite = editor.image();
  const bool fits = pasted.image.width <= sprite.width && pasted.image.height <= sprite.height;
  try {
    store_edit(studio, editor.paste_selection(fits ? pasted.image
                                                   : fitted_to_sprite(pasted.image, kClipboard, sprite.width, sprite.height)));
  } catch (const Failure& failure) {
    studio.mirror.notices.add(failure.error());
  }
}

}  // namespace

std::string why_not_image(const Studio& studio, ImageWay way) {
  const auto problem = studio.exchange.why_not(way);
  return problem ? sentence(problem->message) + "\n" + sentence(problem->hint) : "";
}

std::string why_not_copy_image(const Studio& studio, int index) {
  const std::string why_not = why_not_image(studio, ImageWay::kCopy);
  return why_not.empty() ? why_not_made(studio, index) : why_not;
}

std::string why_not_copy_image(const Studio& studio, const GalleryItem& item) {
  const std::string why_not = why_not_image(studio, ImageWay::kCopy);
  return why_not.empty() ? why_not_kept(&item) : why_not;
}

void copy_image(Studio& studio) {
  const View& view = studio.view;
  if (view.tab == Tab::kGallery) {
    const GalleryItem* item = chosen_item(view.gallery);
    const std::string why_not = why_not_kept(item);
    return why_not.empty() ? studio.exchange.copy_file(kept_path(studio, *item)) : tell_why_not(studio, why_not);
  }
  if (view.tab != Tab::kGenerate) return;
  const std::string why_not = why_not_made(studio, view.chosen);
  if (!why_not.empty()) return tell_why_not(studio, why_not);
  const GeneratedBatch& batch = studio.mirror.batch();
  studio.exchange.copy(encode_png(batch.image(view.chosen), {batch.recipes(view.chosen), 1, 0, 1}));
}

void paste_image(Studio& studio) {
  if (studio.view.tab == Tab::kGenerate) studio.exchange.paste();
}

void drag_sprite_out(Studio& studio, int index) {
  if (std::exchange(studio.view.drags_out, true)) return;
  const std::string why_not = why_not_made(studio, index);
  if (!why_not.empty()) return tell_why_not(studio, why_not);
  const GeneratedBatch& batch = studio.mirror.batch();
  const std::string seed = std::to_string(batch.seed(index));
  studio.exchange.drag([image = batch.image(index), picture = PictureRecipe{batch.recipes(index), 1, 0, 1}, seed] {
    return keep_drag_file(picture_stem(picture, "sprite") + "-" + seed, encode_png(image, picture));
  });
}

void drag_kept_out(Studio& studio, const GalleryItem& item) {
  if (std::exchange(studio.view.drags_out, true)) return;
  const std::string why_not = why_not_kept(&item);
  if (!why_not.empty()) return tell_why_not(studio, why_not);
  studio.exchange.drag([path = kept_path(studio, item), recipe = item.recipe, seed = std::to_string(item.seed)] {
    const std::string stem = std::filesystem::path(path).stem().string();
    const std::string name = recipe.empty() ? stem : picture_stem(parse_recipe_text(recipe, path), stem) + "-" + seed;
    return keep_drag_file(name, read_image_bytes(path));
  });
}

void follow_drag(Studio& studio) {
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) studio.view.drags_out = false;
  if (studio.view.drags_out && studio.exchange.drag_place() == DragPlace::kAccepted) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
}

bool follow_exchange(Studio& studio) {
  const std::vector<ExchangeNews> news = studio.exchange.take_news();
  for (const ExchangeNews& each : news) std::visit([&](const auto& one) { apply(studio, one); }, each);
  return !news.empty();
}

}  // namespace kiln
