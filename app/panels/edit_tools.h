#pragma once

#include "app/state/pixel_editor.h"

namespace kiln {

// A tool of the editor as the window shows it.
struct EditToolInfo {
  const char *name, *label, *help;
  EditTool tool;
};

inline constexpr EditToolInfo kEditTools[] = {
    {"edit.pencil", "Pencil", "Draws pixels; the right button erases", EditTool::kPencil},
    {"edit.eraser", "Eraser", "Makes pixels transparent", EditTool::kEraser},
    {"edit.fill", "Fill", "Fills an area of one colour", EditTool::kFill},
    {"edit.line", "Line", "Draws a straight line", EditTool::kLine},
    {"edit.rectangle", "Rectangle", "Draws a rectangle", EditTool::kRectangle},
    {"edit.picker", "Picker", "Takes a colour from the sprite; so does Alt with any tool", EditTool::kPicker},
    {"edit.select", "Select", "Selects a rectangle; drag it to move it. Tools then work within it", EditTool::kSelect},
};

}  // namespace kiln
