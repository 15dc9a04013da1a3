#pragma once

#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// The animation's morph from one of two selected sprites to the other, which the model that drew both draws.

// Those that are selected in the grid, the chosen one last, or none where they are not two.
std::vector<MorphEnd> selected_ends(const Studio& studio);
// The same of the gallery, whose pictures kept_end() reads.
std::vector<GalleryItem> selected_pair(const GalleryView& view);
// Without its recipe's enlargement. Throws as read_image.
MorphEnd kept_end(const std::string& folder, const GalleryItem& item);

// Makes view.moved of what is drawn and what is not, and says what keeps the two from being morphed.
void lay_out_morph(Studio& studio);
// The other way round: the frames are drawn anew.
void turn_morph(Studio& studio);

std::size_t morph_frames_drawn(const AnimateView& view);
// Why the model cannot draw the frames, or "".
std::string why_not_morph_now(const Studio& studio);
// Those that are not drawn yet.
void draw_morph(Studio& studio);
// What came of that.
void take_morph(Studio& studio, const std::vector<DrawnFrame>& drawn);

}  // namespace kiln
