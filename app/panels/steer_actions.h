#pragma once

#include <string>
#include <vector>

#include "app/panels/view.h"
#include "engine/gallery/service.h"

namespace kiln {

// The chosen sprite, an image, or an image file becomes what sprites start from. It is read and fitted beside the window; what was
// done to fit it is shown with it.
void start_from_sprite(Studio& studio);
void start_from_image(Studio& studio, const Image& image, const std::string& name);
void start_from_file(Studio& studio, const std::string& path);
// The file that the start image was reduced from, in the Data tab: it is a sheet of sprites, and nothing to start from.
void open_start_as_sheet(Studio& studio);
// A picture of the gallery, without the enlargement of its recipe. Brings up the Generate tab.
std::string why_not_start_from(const GalleryItem& item);
void start_from_kept(Studio& studio, const GalleryItem& item);
// The init image of a picture's recipe, or none where it has none or only a part of that was made anew.
void start_from_recipe(Studio& studio, const SettingsFound& found);
// One that is still being read is not waited for.
void remove_start_image(View& view);

// Gives a request the start image, if there is one.
void add_start_image(const Studio& studio, SampleRequest& request);

// A new batch: from the start image, if there is one, with several strengths if that is asked for. False: it waits in the queue.
bool make_batch(Studio& studio, SampleRequest request);

// Why the chosen sprite cannot be started from, repaired, or varied, or "".
std::string why_not_start_from(const Studio& studio);
std::string why_not_sprite(const Studio& studio);
std::string why_not_vary(const Studio& studio);

// Sprites near to the chosen one, as near as the settings say.
void make_more_like_chosen(Studio& studio);

inline constexpr int kSuggestions = 8;  // of a repair

void open_repair(Studio& studio);
// Makes the marked pixels of the chosen sprite anew, some times over.
void run_repair(Studio& studio);

// Takes what has been read and written, and begins what waited for it. Call it once a frame.
void follow_steering(Studio& studio);

}  // namespace kiln
