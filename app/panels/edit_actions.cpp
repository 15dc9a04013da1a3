#include "app/panels/edit_actions.h"

#include <chrono>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/animate_actions.h"
#include "app/panels/palette_row.h"
#include "app/state/newest.h"
#include "app/widgets/keys.h"
#include "engine/formats/palette_choice.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

constexpr double kLookForPalette_s = 0.05;

void take_loaded_palette(Studio& studio) {
  EditView& edit = studio.view.edit;
  if (!edit.reading.valid()) return;
  if (edit.reading.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    studio.view.wake_s = studio.view.now_s + kLookForPalette_s;
    return;
  }
  auto read = edit.reading.get();
  if (auto* palette = std::get_if<Palette>(&read)) {
    edit.palette.load(std::move(*palette));
  } else {
    studio.mirror.notices.add(std::get<Error>(read));
  }
}

// Only while they are shown: they are of many pixels.
void follow_batch_colours(EditView& edit, const GeneratedBatch& batch) {
  if (edit.palette.source != PaletteSource::kBatch || edit.palette_batch == batch.version) return;
  edit.palette.follow_batch(batch.images(), edit.palette_job != batch.job);
  edit.palette_batch = batch.version;
  edit.palette_job = batch.job;
}

void put_down(EditView& edit) {
  edit.editor.cancel();
  edit.editor.deselect();
  edit.open = edit.replacing = edit.panning = false;
}

// Of the batch that the mirror holds.
void take_up(Studio& studio, int index) {
  EditView& edit = studio.view.edit;
  studio.view.chosen = index;
  edit.open = true;
  edit.zoom = {};
  const ModelInfo* model = studio.mirror.model() ? &*studio.mirror.model() : nullptr;
  if (model && edit.palette.file().empty() && edit.index < 0 && !model->palette.colours.empty())
    edit.palette.source = PaletteSource::kModel;
  follow_editor(studio);
}

}  // namespace

std::string why_not_edit(const Studio& studio, int index) {
  const Mirror& mirror = studio.mirror;
  std::string why = mirror.why_not_edit(index);
  if (!why.empty() && mirror.busy() && mirror.earlier().count() > 0)
    why += ". Those of the batch before can be edited: Compare shows them, and a double click opens one";
  return why;
}

void open_editor(Studio& studio, int index) {
  if (studio.view.edit.open || !studio.mirror.why_not_edit(index).empty()) return;
  studio.mirror.hold();
  take_up(studio, index);
}

void close_editor(Studio& studio) {
  put_down(studio.view.edit);
  const JobId edited = studio.mirror.batch().job;
  studio.mirror.release();
  if (studio.mirror.batch().job != edited) show_new_batch(studio.view);
}

void open_earlier(Studio& studio, int index) {
  const GeneratedBatch& earlier = studio.mirror.earlier();
  const auto i = static_cast<std::size_t>(index);
  if (studio.view.edit.open || index < 0 || i >= earlier.sprites.size()) return;
  const JobId job = earlier.job;
  const Sprite sprite = earlier.sprites[i];
  const SpriteOrigin origin = i < earlier.origins.size() ? earlier.origins[i] : SpriteOrigin();
  studio.mirror.hold();
  const GeneratedBatch& batch = studio.mirror.batch();
  if (batch.job != job || index >= batch.count() || batch.image(index) != sprite.image)
    return open_added(studio, "Edit an earlier sprite", sprite, origin);
  studio.view.grid.selection.select(index);
  take_up(studio, index);
}

void open_added(Studio& studio, std::string what, const Sprite& sprite, const SpriteOrigin& origin) {
  View& view = studio.view;
  studio.mirror.hold();
  const auto place = studio.mirror.add(std::move(what), {sprite}, {origin});
  if (!place) {
    studio.mirror.notices.add(NoticeKind::kInfo, studio.mirror.why_not_add(1));
    if (!view.edit.open) studio.mirror.release();
    return;
  }
  if (view.animate.open) close_animation(studio);
  put_down(view.edit);
  view.tab = Tab::kGenerate;
  view.grid.selection.select(*place);
  take_up(studio, *place);
}

void step_out_of_editor(Studio& studio) {
  EditView& edit = studio.view.edit;
  if (!keys_are_free()) return;
  if (edit.replacing) {
    edit.replacing = false;
  } else if (edit.editor.drawing()) {
    edit.editor.cancel();
  } else if (edit.editor.selection()) {
    edit.editor.deselect();
  } else {
    close_editor(studio);
  }
}

void store_edit(Studio& studio, std::optional<EditedSprite> edited) {
  if (edited) studio.mirror.edit(std::move(edited->what), {{studio.view.edit.index, std::move(edited->image)}});
}

void undo_change(Studio& studio, bool again) {
  studio.view.edit.editor.cancel();
  const auto changed = again ? studio.mirror.redo(studio.view.chosen) : studio.mirror.undo(studio.view.chosen);
  if (!changed) return;
  studio.view.grid.selection.clear();
  studio.view.chosen = *changed;
}

void follow_editor(Studio& studio) {
  EditView& edit = studio.view.edit;
  take_loaded_palette(studio);
  if (!edit.open) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  if (studio.view.chosen >= batch.count()) studio.view.chosen = 0;
  if (!studio.mirror.why_not_edit(studio.view.chosen).empty()) return close_editor(studio);
  const bool another = edit.index != studio.view.chosen;
  if (another || edit.batch_version != batch.version) {
    edit.index = studio.view.chosen;
    edit.batch_version = batch.version;
    edit.editor.show(batch.image(edit.index));
  }
  if (another || (edit.palette_version != edit.editor.version() && !edit.editor.drawing())) {
    edit.palette.follow_sprite(edit.editor.image(), another);
    edit.palette_version = edit.editor.version();
  }
  if (const auto& model = studio.mirror.model()) edit.palette.follow_model(model->palette);
  const DatasetReport* set = studio.mirror.dataset.report();
  edit.palette.follow_dataset(set && set->palette ? *set->palette : Palette());
  follow_batch_colours(edit, batch);
}

void take_edit_arrows(Studio& studio) {
  EditView& edit = studio.view.edit;
  if (!edit.open) return;
  constexpr struct {
    ImGuiKey key;
    int right, down;
  } kArrows[] = {{ImGuiKey_LeftArrow, -1, 0}, {ImGuiKey_RightArrow, 1, 0}, {ImGuiKey_UpArrow, 0, -1}, {ImGuiKey_DownArrow, 0, 1}};
  for (const auto& arrow : kArrows) {
    if (key_typed(arrow.key)) store_edit(studio, edit.editor.shift(arrow.right, arrow.down));
  }
}

void toggle_palette_lock(Studio& studio) {
  const Palette shown = studio.view.edit.palette.shown();
  if (shown.colours.empty()) return;
  auto& chosen = std::get<std::string>(studio.settings.generate.shared_params["palette"]);
  const std::string colours = colours_text(shown);
  chosen = chosen == colours ? kModelPalette : colours;
}

void swap_palette(Studio& studio, const std::vector<int>& places) {
  const GeneratedBatch& batch = studio.mirror.batch();
  std::vector<Image> images;
  for (const int place : places) images.push_back(batch.image(place));
  const ColourMap map = match_ramps(visible_colours(images), studio.view.edit.palette.shown());
  std::vector<SpriteChange> changes;
  for (std::size_t i = 0; i < images.size(); ++i) changes.push_back({places[i], recoloured(images[i], map)});
  studio.mirror.edit("Swap palette", std::move(changes));
}

void load_palette(Studio& studio, const std::filesystem::path& file) {
  begin_newest(studio.view.edit.reading, [file] { return palette_in(file); });
}

}  // namespace kiln
