#pragma once

#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// Takes what the gallery's thread has to tell. Call it whenever the window wakes; true if anything came.
bool follow_gallery(Studio& studio);

// Looks at the gallery's folder when files may have come or gone, and watches it while its tab is open. Call it once a frame.
void watch_gallery(Studio& studio);

// The folder that the gallery is in: the settings', or the default.
std::string gallery_folder(const Settings& settings);
void choose_gallery_folder(Studio& studio, const std::string& folder);

// Whether sprite `index` of the batch is in the gallery, or on its way there.
bool is_kept(Studio& studio, int index);
// Why it cannot be kept, or "".
std::string why_not_keep(const Studio& studio, int index);
// Keeps it in the gallery; one that is there goes into the bin.
void toggle_kept(Studio& studio, int index);

// The item that is chosen in the Gallery tab; null: none.
const GalleryItem* chosen_item(const GalleryView& view);
// Those that are selected, or else the one that is chosen, by name.
std::vector<const GalleryItem*> selected_items(const GalleryView& view);
// After view.selection has changed: what is chosen and selected are those.
void take_selection(GalleryView& view);
// After view.places has changed: the same ones are selected, of those that are still there.
void find_selection(GalleryView& view);

// Each is done to all of selected_items(). A star is taken away only where all have one.
void toggle_star(Studio& studio);
void collect_selected(Studio& studio, const std::string& collection, bool in);
void remove_selected(Studio& studio);
void undo_remove(Studio& studio);

// Brings what a picture was made with back into the Generate tab; one without a recipe is opened as data.
void use_settings_of(Studio& studio, const std::string& path);

}  // namespace kiln
