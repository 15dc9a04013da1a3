#include <vector>

#include "app/panels/actions.h"
#include "app/panels/animate_actions.h"
#include "app/panels/edit_actions.h"
#include "app/panels/edit_variants.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/export_actions.h"
#include "app/panels/export_dialog.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/gallery_edit.h"
#include "app/panels/grid_actions.h"
#include "app/panels/keep_star.h"
#include "app/panels/lab_actions.h"
#include "app/panels/large_view_panel.h"
#include "app/panels/repair_panel.h"
#include "app/panels/shortcuts.h"
#include "app/panels/steer_actions.h"
#include "app/panels/train_actions.h"

namespace kiln {
namespace {

bool in_gallery(const Studio& studio) { return studio.view.tab == Tab::kGallery; }

void flip(bool& value) { value = !value; }

void generate(Studio& studio) {
  if (studio.view.closing != Closing::kNo) return;
  studio.view.edit.open ? step_out_of_editor(studio) : start_generating(studio);
}

void keep(Studio& studio) {
  if (in_gallery(studio)) return toggle_star(studio);
  studio.view.edit.open ? toggle_kept(studio, studio.view.edit.index) : toggle_selected_kept(studio);
}

void edit(Studio& studio) {
  if (!in_gallery(studio)) return open_editor(studio, studio.view.chosen);
  if (const GalleryItem* item = chosen_item(studio.view.gallery)) edit_kept(studio, *item);
}

void start_from(Studio& studio) {
  if (!in_gallery(studio)) return start_from_sprite(studio);
  if (const GalleryItem* item = chosen_item(studio.view.gallery)) start_from_kept(studio, *item);
}

void animate(Studio& studio) {
  if (!in_gallery(studio)) return animate_chosen(studio);
  if (const GalleryItem* item = chosen_item(studio.view.gallery)) animate_kept(studio, *item);
}

void remove(Studio& studio) {
  if (in_gallery(studio)) return remove_selected(studio);
  if (why_not_delete(studio).empty()) delete_selected(studio);
}

void undo(Studio& studio) { in_gallery(studio) ? undo_remove(studio) : undo_change(studio, false); }

void select_all(Studio& studio) {
  if (!in_gallery(studio)) return studio.view.grid.selection.select_all(studio.mirror.batch().count());
  GalleryView& view = studio.view.gallery;
  if (!view.shown || view.places.empty() || view.places_version != view.shown->version) return;
  view.selection.select_all(static_cast<int>(view.places.size()));
  take_selection(view);
}

void use_settings(Studio& studio) {
  const GalleryView& view = studio.view.gallery;
  const GalleryItem* item = chosen_item(view);
  if (item && !item->recipe.empty()) use_settings_of(studio, view.shown->folder + "/" + item->file);
}

void use_seed(Studio& studio) {
  if (studio.mirror.batch().count() == 0) return;
  studio.settings.generate.shared_params["seed"] = whole_number(studio.mirror.batch().seed(studio.view.chosen));
  studio.settings.generate.seed_locked = true;
}

void repair(Studio& studio) {
  Repair& repair = studio.view.steer.repair;
  if (repair.on) {
    repair.on = false;
    repair.mask.clear();
  } else if (why_not_sprite(studio).empty()) {
    open_repair(studio);
  }
}

void export_sprites(Studio& studio, bool alone) {
  if (why_not_export(studio).empty()) start_export(studio, alone);
}

template <CancelMode mode>
void stop(Studio& studio) {
  studio.mirror.stop(mode);
}

template <Tab tab>
void show_tab(Studio& studio) {
  open_tab(studio.view, tab);
}

template <EditTool tool>
void use_tool(Studio& studio) {
  PixelEditor& editor = studio.view.edit.editor;
  if (!editor.drawing()) editor.kit.tool = tool;
}

void swap_colours(Studio& studio, bool all) {
  const EditView& edit = studio.view.edit;
  if (edit.palette.source == PaletteSource::kSprite) return;
  std::vector<int> places;
  for (int i = 0; i < studio.mirror.batch().count(); ++i) {
    if (all || i == edit.index) places.push_back(i);
  }
  swap_palette(studio, places);
}

void resize(Studio& studio, bool larger) { studio.settings.scale_percent = next_scale(studio.settings.scale_percent, larger); }

PixelEditor& editor(Studio& studio) { return studio.view.edit.editor; }

constexpr Places kBatch = kInGrid | kInEditor;
constexpr Places kChosen = kInGrid | kInGallery;  // a sprite is chosen there

constexpr KeyAction kActions[] = {
    {"help", "This list", kEverywhere, "F1", [](Studio& s) { flip(s.view.shortcuts_open); }, true},
    {"quit", "Close the window", kEverywhere, "Ctrl+Q", [](Studio& s) { s.view.quit_asked = true; }, true},
    {"larger", "Everything larger", kEverywhere, "Ctrl++ Ctrl+=", [](Studio& s) { resize(s, true); }, true},
    {"smaller", "Everything smaller", kEverywhere, "Ctrl+-", [](Studio& s) { resize(s, false); }, true},
    {"usual_size", "Everything of its usual size", kEverywhere, "Ctrl+0", [](Studio& s) { s.settings.scale_percent = 100; }, true},
    {"theme", "Dark or light", kEverywhere, "",
     [](Studio& s) { s.settings.theme = s.settings.theme == "light" ? "dark" : "light"; }},
    {"tab.generate", "Go to the Generate tab", kEverywhere, "Ctrl+1", show_tab<Tab::kGenerate>},
    {"tab.gallery", "Go to the Gallery tab", kEverywhere, "Ctrl+2", show_tab<Tab::kGallery>},
    {"tab.data", "Go to the Data tab", kEverywhere, "Ctrl+3", show_tab<Tab::kData>},
    {"tab.train", "Go to the Train tab", kEverywhere, "Ctrl+4", show_tab<Tab::kTrain>},
    {"tab.lab", "Go to the Lab tab", kEverywhere, "Ctrl+5", show_tab<Tab::kLab>},
    {"escape", "Stop, to keep or discard; step out; select nothing", kEverywhere, "Escape", nullptr},

    {"undo", "Undo", kBatch | kInGallery, "Ctrl+Z", undo},
    {"copy_image", "Copy the sprite as an image", kBatch | kInGallery, "Ctrl+Shift+C", copy_image},
    {"keep", "Keep the selected sprites in the gallery; there: star", kBatch | kInGallery, "S", keep},

    {"paste", "Start from a copied image; in the editor: lay it over the sprite", kBatch, "Ctrl+V", paste_image},
    {"redo", "Redo", kBatch, "Ctrl+Y Ctrl+Shift+Z", [](Studio& s) { undo_change(s, true); }},
    {"generate", "Generate; while sprites are made: queue", kBatch, "Ctrl+Enter Enter", generate, true},

    {"select_all", "Select all sprites", kChosen, "Ctrl+A", select_all},
    {"select.left", "Select the sprite at the left", kChosen, "Left Shift+Left", nullptr},
    {"select.right", "Select the sprite at the right", kChosen, "Right Shift+Right", nullptr},
    {"select.up", "Select the sprite above", kChosen, "Up Shift+Up", nullptr},
    {"select.down", "Select the sprite below", kChosen, "Down Shift+Down", nullptr},
    {"delete", "Take the selected sprites away", kChosen, "Delete", remove},
    {"edit", "Edit the chosen sprite's pixels", kChosen, "E", edit},
    {"animate", "Animate the chosen sprite, or morph two selected ones", kChosen, "", animate},
    {"start_from", "Start from this sprite", kChosen, "", start_from},

    {"use_settings", "Use the settings of the chosen sprite", kInGallery, "", use_settings},

    {"repair", "Repair the chosen sprite, or end that", kInGrid, "", repair},
    {"more_like", "More like this sprite", kInGrid, "", make_more_like_chosen},
    {"regenerate", "Make the selected sprites anew", kInGrid, "R",
     [](Studio& s) {
       if (why_not_regenerate(s).empty()) regenerate_selected(s);
     }},
    {"branch", "Go on from the step of the fade that is shown", kInGrid, "",
     [](Studio& s) {
       if (why_not_branch(s).empty()) start_branch(s);
     }},
    {"earlier", "Earlier step of the fade", kInGrid, ",", [](Studio& s) { s.view.grid.timeline.move(-1); }},
    {"later", "Later step of the fade", kInGrid, ".", [](Studio& s) { s.view.grid.timeline.move(1); }},
    {"fade_selected", "The fade of the selected sprites only, or of all", kInGrid, "",
     [](Studio& s) { flip(s.view.grid.fades_selected); }},
    {"keep_run", "Stop, and keep the sprites as they are now", kInGrid, "", stop<CancelMode::kKeep>},
    {"discard_run", "Stop, and go back to the sprites from before", kInGrid, "", stop<CancelMode::kDiscard>},
    {"resume", "Go on with what was stopped", kInGrid, "", [](Studio& s) { s.mirror.resume(); }},
    {"live", "Live: sprites follow the settings", kInGrid, "", [](Studio& s) { flip(s.settings.generate.live); }},
    {"seed_lock", "Keep the seed, or a new one each time", kInGrid, "", [](Studio& s) { flip(s.settings.generate.seed_locked); }},
    {"use_seed", "Use the seed of the chosen sprite", kInGrid, "", use_seed},
    {"compare", "Compare with the batch before", kInGrid, "B", [](Studio& s) { flip(s.view.grid.compare); }},
    {"tile", "Tiles of the large sprite", kInGrid, "T", toggle_tile},
    {"pixel_grid", "Lines between the pixels of the large sprite", kInGrid, "G",
     [](Studio& s) { flip(s.settings.showing.pixel_grid); }},
    {"copy_commands", "Copy commands that make the selected sprites again", kInGrid, "Ctrl+C", [](Studio& s) { copy_commands(s); }},
    {"export.sheet", "Export all or the selected sprites", kInGrid, "", [](Studio& s) { export_sprites(s, false); }},
    {"export.png", "Export the chosen sprite", kInGrid, "", [](Studio& s) { export_sprites(s, true); }},
    {"export.options", "Format and options of the export", kInGrid, "", open_export_dialog},

    {"edit.pencil", "Pencil", kInEditor, "B", use_tool<EditTool::kPencil>},
    {"edit.eraser", "Eraser", kInEditor, "E", use_tool<EditTool::kEraser>},
    {"edit.fill", "Fill", kInEditor, "G", use_tool<EditTool::kFill>},
    {"edit.line", "Line", kInEditor, "L", use_tool<EditTool::kLine>},
    {"edit.rectangle", "Rectangle", kInEditor, "U", use_tool<EditTool::kRectangle>},
    {"edit.picker", "Picker", kInEditor, "I", use_tool<EditTool::kPicker>},
    {"edit.select", "Select", kInEditor, "M", use_tool<EditTool::kSelect>},
    {"edit.filled", "Filled rectangles", kInEditor, "", [](Studio& s) { flip(editor(s).kit.filled); }},
    {"edit.mirror_x", "Mirror drawing, left and right", kInEditor, "X",
     [](Studio& s) { flip(editor(s).kit.mirroring.left_right); }},
    {"edit.mirror_y", "Mirror drawing, above and below", kInEditor, "Y",
     [](Studio& s) { flip(editor(s).kit.mirroring.top_bottom); }},
    {"edit.flip_x", "Flip left and right", kInEditor, "H", [](Studio& s) { store_edit(s, editor(s).flip_left_right()); }},
    {"edit.flip_y", "Flip top and bottom", kInEditor, "V", [](Studio& s) { store_edit(s, editor(s).flip_top_bottom()); }},
    {"edit.turn_left", "Turn anticlockwise", kInEditor, "", [](Studio& s) { store_edit(s, editor(s).turn(false)); }},
    {"edit.turn_right", "Turn clockwise", kInEditor, "", [](Studio& s) { store_edit(s, editor(s).turn(true)); }},
    {"edit.erase", "Erase what is selected", kInEditor, "Delete", [](Studio& s) { store_edit(s, editor(s).erase_selection()); }},
    {"edit.left", "Move the sprite or the selection to the left", kInEditor, "Left", nullptr},
    {"edit.right", "Move it to the right", kInEditor, "Right", nullptr},
    {"edit.up", "Move it up", kInEditor, "Up", nullptr},
    {"edit.down", "Move it down", kInEditor, "Down", nullptr},
    {"edit.fit", "As large as it fits", kInEditor, "F", [](Studio& s) { s.view.edit.zoom = {}; }},
    {"edit.grid", "Lines between the pixels", kInEditor, "", [](Studio& s) { flip(s.view.edit.grid); }},
    {"palette.lock", "Generate in the colours of the palette", kInEditor, "", toggle_palette_lock},
    {"palette.swap", "Swap this sprite to the palette", kInEditor, "", [](Studio& s) { swap_colours(s, false); }},
    {"palette.swap_all", "Swap all sprites to the palette", kInEditor, "", [](Studio& s) { swap_colours(s, true); }},
    {"edit.variants_add", "All recolour variants as sprites", kInEditor, "", add_variants},

    {"animate.play", "Play or stop", kInAnimation, "Space", nullptr},
    {"animate.before", "The frame before", kInAnimation, "Left", nullptr},
    {"animate.next", "The next frame", kInAnimation, "Right", nullptr},
    {"animate.move", "Move the frame by a pixel, where frames are moved by hand", kInAnimation,
     "Shift+Left Shift+Right Shift+Up Shift+Down", nullptr},
    {"animate.draw", "Have the model draw the frames", kInAnimation, "",
     [](Studio& s) {
       if (is_drawn_by_model(s)) draw_frames(s);
     }},
    {"animate.write", "Export the animation", kInAnimation, "", [](Studio& s) { write_animation(s, false); }},

    {"train.start", "Start training", kInTrain, "",
     [](Studio& s) {
       if (why_not_start(s).empty()) start_training(s);
     }},
    {"train.use_now", "Use the model of the run under way as it is now", kInTrain, "",
     [](Studio& s) {
       if (s.mirror.training.active()) use_now(s);
     }},
    {"lab.chosen", "Look at the chosen sprite of the Generate tab", kInLab, "", look_at_chosen},
    {"lab.save", "Save what the Lab shows as a picture", kInLab, "",
     [](Studio& s) {
       if (s.mirror.lab.result()) save_lab_picture(s);
     }},
};

}  // namespace

KeyActions key_actions() { return kActions; }

}  // namespace kiln
