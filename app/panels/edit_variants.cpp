#include "app/panels/edit_variants.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "app/panels/edit_actions.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

constexpr int kVariants = 11;  // hues 30° apart
constexpr int kColumns = 4;

// Made again when the sprite or the palette is another, but not in the middle of a stroke.
void follow(EditView& edit) {
  EditVariants& variants = edit.variants;
  if (edit.editor.drawing()) return;
  const bool locked = variants.within_palette && edit.palette.source != PaletteSource::kSprite;
  const Palette palette = locked ? edit.palette.shown() : Palette();
  if (variants.of_image == edit.editor.version() && variants.of_palette == palette) return;
  variants.of_image = edit.editor.version();
  variants.of_palette = palette;
  variants.images = recolour_variants(edit.editor.image(), kVariants, palette.colours.empty() ? nullptr : &palette);
  ++variants.version;
}

void draw_images(Studio& studio, float width) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  const EditVariants& variants = edit.variants;
  const Image& sprite = edit.editor.image();
  const float gap = ui.px(6);
  const float room = (width - gap * (kColumns - 1)) / kColumns;
  const float fit = room / static_cast<float>(std::max(1, sprite.width));
  const float zoom = fit >= 1 ? std::floor(fit) : fit;
  const ImVec2 size{std::floor(static_cast<float>(sprite.width) * zoom), std::floor(static_cast<float>(sprite.height) * zoom)};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  std::vector<SpriteQuad> quads;
  int clicked = -1;
  const int count = static_cast<int>(variants.images.size());
  for (int i = 0; i < count; ++i) {
    const int column = i % kColumns, row = i / kColumns;
    const ImVec2 at{origin.x + static_cast<float>(column) * (size.x + gap), origin.y + static_cast<float>(row) * (size.y + gap)};
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(i);
    if (ImGui::InvisibleButton("variant", size)) clicked = i;
    ImGui::PopID();
    if (ui.map.on()) ui.map.note("edit.variant." + std::to_string(i));
    ui.tooltips.show("Click to use it");
    if (ImGui::IsItemHovered())
      ImGui::GetWindowDrawList()->AddRect({at.x - 2, at.y - 2}, {at.x + size.x + 2, at.y + size.y + 2}, packed(colour::quiet()));
    quads.push_back({at.x, at.y, size.x, size.y, static_cast<float>(i)});
  }
  const int rows = (count + kColumns - 1) / kColumns;
  ImGui::SetCursorScreenPos({origin.x, origin.y + static_cast<float>(rows) * (size.y + gap)});
  ui.sprites.show(ui.sprites.pictures("variants", variants.version, variants.images), std::move(quads),
                  {.width = static_cast<float>(sprite.width),
                   .height = static_cast<float>(sprite.height),
                   .check_shift = check_shift(static_cast<int>(zoom)),
                   .zoom = zoom});
  if (clicked >= 0) store_edit(studio, EditedSprite{"Recolour", variants.images[static_cast<std::size_t>(clicked)]});
}

std::string why_not_add(const Studio& studio) {
  const EditView& edit = studio.view.edit;
  const auto index = static_cast<std::size_t>(edit.index);
  if (studio.mirror.another_pending()) return "Another batch comes first: press Done";
  if (edit.editor.drawing() || index >= studio.mirror.batch().sprites.size()) return "The sprite is still being drawn";
  return studio.mirror.why_not_add(edit.variants.images.size());
}

}  // namespace

void add_variants(Studio& studio) {
  EditView& edit = studio.view.edit;
  follow(edit);
  if (!why_not_add(studio).empty()) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto index = static_cast<std::size_t>(edit.index);
  std::vector<Sprite> sprites;
  for (const Image& image : edit.variants.images) sprites.push_back({image, batch.sprites[index].recipe});
  for (Sprite& sprite : sprites) sprite.recipe.edited = true;
  SpriteOrigin origin = index < batch.origins.size() ? batch.origins[index] : SpriteOrigin();
  origin.fade.reset();  // it is that of the colours before
  const auto first = studio.mirror.add("Recolour", sprites, std::vector<SpriteOrigin>(sprites.size(), origin));
  if (!first) return;
  close_editor(studio);
  std::set<int> places;
  for (std::size_t i = 0; i < sprites.size(); ++i) places.insert(*first + static_cast<int>(i));
  studio.view.grid.selection.restore(std::move(places), *first);
  studio.view.chosen = *first;
}

void draw_edit_variants(Studio& studio, float width) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  if (!fold(ui, "edit.variants", "Recolour variants", edit.variants.open)) return;
  ImGui::BeginDisabled(edit.palette.source == PaletteSource::kSprite);
  ImGui::Checkbox("Within the palette above##edit.variants_within", &edit.variants.within_palette);
  ui.map.note("edit.variants_within", ParamValue(edit.variants.within_palette));
  ImGui::EndDisabled();
  ui.tooltips.show(edit.palette.source == PaletteSource::kSprite ? "Choose the model's palette above, or load one"
                                                                 : "Variants use no other colours");
  follow(edit);
  if (edit.variants.images.empty()) {
    small_text(ui, "This sprite has no hue to turn", colour::quiet());
    return;
  }
  const std::string keep = key_of(studio, "keep");
  if (action_button(studio.ui, "edit.variants_add", "All as sprites", {width, 0}, why_not_add(studio),
                    "Behind the others, and selected" + (keep.empty() ? "" : ": " + keep + " keeps all of them in the gallery") +
                        key_hint(studio, "edit.variants_add")))
    add_variants(studio);
  draw_images(studio, width);
}

}  // namespace kiln
