#pragma once

#include <filesystem>
#include <functional>

namespace kiln {

// Gives the file that is dragged; may throw Failure.
using DragFile = std::function<std::filesystem::path()>;

// What a dragged file is over.
enum class DragPlace { kNowhere, kRefused, kAccepted };

}  // namespace kiln
