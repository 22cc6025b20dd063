"""A theme as Qt sees it: the palette and the style sheet of the whole window."""

from PySide6.QtGui import QColor, QPalette

from raftviz.picture.theme import Theme


def palette_of(theme: Theme) -> QPalette:
    """The palette for Fusion. Roles we do not set are derived by Qt from these."""
    palette = QPalette(QColor(theme.raised), QColor(theme.window))
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.raised),
        (roles.Text, theme.text),
        (roles.Button, theme.surface),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.surface),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return palette


def sheet_of(theme: Theme) -> str:
    """The style sheet: cards on a quiet ground, one accent, focus always visible."""
    return f"""
    QMainWindow, QDialog {{ background: {theme.window}; }}
    QToolTip {{
        color: {theme.text}; background: {theme.surface};
        border: 1px solid {theme.edge}; padding: 6px;
    }}
    QMenuBar {{ background: {theme.surface}; color: {theme.muted}; padding: 2px 8px; }}
    QMenuBar::item {{ padding: 4px 10px; background: transparent; border-radius: 6px; }}
    QMenuBar::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    QMenu {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.edge};
        padding: 6px; }}
    QMenu::item {{ padding: 6px 28px 6px 14px; border-radius: 6px; }}
    QMenu::item:selected {{ background: {theme.accent_soft}; }}
    QMenu::item:disabled {{ color: {theme.faint}; }}
    QMenu::separator {{ height: 1px; background: {theme.edge}; margin: 6px 4px; }}
    QStatusBar {{ background: {theme.window}; color: {theme.muted}; }}
    QMainWindow::separator {{ background: {theme.window}; width: 8px; height: 8px; }}
    QTabBar {{ background: {theme.window}; qproperty-drawBase: 0;
        qproperty-elideMode: ElideNone; qproperty-usesScrollButtons: true; }}
    QTabBar::tab {{ background: transparent; color: {theme.muted}; border: none;
        padding: 5px 7px; margin: 4px 0px 2px 0px; border-radius: 6px; }}
    QTabBar::tab:first {{ margin-left: 10px; }}
    QTabBar::tab:selected {{ background: {theme.accent_soft}; color: {theme.accent};
        font-weight: 600; }}
    QTabBar::tab:hover:!selected {{ color: {theme.text}; }}
    QTabBar::tab:focus {{ border: 2px solid {theme.accent}; padding: 3px 5px; }}
    QTabBar QToolButton {{ padding: 0; border-radius: 4px; background: {theme.surface}; }}
    QFrame#transport {{ background: {theme.surface}; border: none;
        border-bottom: 1px solid {theme.edge}; }}
    QFrame[card="true"] {{ background: {theme.surface}; border: 1px solid {theme.edge};
        border-radius: 10px; }}
    QFrame[card="true"][focused="true"] {{ border: 2px solid {theme.accent}; }}
    QFrame[step="true"] {{ border: none; border-left: 3px solid {theme.edge}; }}
    QFrame[step="true"][here="true"] {{ border-left: 3px solid {theme.accent}; }}
    QLabel#focus-tag {{ color: {theme.on_accent}; background: {theme.accent};
        border-radius: 6px; padding: 1px 8px; font-weight: 600; }}
    QLabel[tone="strong"] {{ font-weight: 600; }}
    QToolButton[small="true"], QPushButton[small="true"] {{ padding: 3px 10px; }}
    QToolButton[small="true"]:focus, QPushButton[small="true"]:focus {{ padding: 2px 9px; }}
    QFrame#why {{ background: {theme.accent_soft}; border: none; border-radius: 8px; }}
    QFrame#why[broken="true"] {{ background: {theme.broken_soft}; }}
    QFrame#why:focus {{ border: 2px solid {theme.accent}; }}
    QFrame#present {{ background: {theme.accent_soft}; border: none; border-radius: 8px; }}
    QFrame#present[broken="true"] {{ background: {theme.broken_soft}; }}
    QFrame[step="true"] {{ background: transparent; border: 2px solid transparent;
        border-radius: 8px; }}
    QFrame[step="true"][leads="true"]:hover {{ background: {theme.raised}; }}
    QFrame[step="true"]:focus {{ border-color: {theme.accent}; }}
    QLabel[asks="true"]:hover {{ color: {theme.accent}; text-decoration: underline; }}
    QLabel[asks="true"]:focus {{ color: {theme.accent}; text-decoration: underline; }}
    QLabel {{ color: {theme.text}; background: transparent; }}
    QLabel[tone="muted"] {{ color: {theme.muted}; }}
    QLabel[tone="accent"] {{ color: {theme.accent}; font-weight: 600; }}
    QLabel[tone="broken"] {{ color: {theme.broken}; font-weight: 600; }}
    QLabel#note {{ background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: 8px; padding: 12px; }}
    QDockWidget::title {{ background: {theme.raised}; padding: 5px 10px; }}
    QPushButton, QToolButton {{ background: {theme.raised}; color: {theme.text};
        border: 1px solid {theme.edge}; border-radius: 8px; padding: 6px 12px; }}
    QToolButton[stop] {{ padding: 2px 5px; border-radius: 10px; }}
    QToolButton[stop]:focus {{ padding: 1px 4px; }}
    QToolButton[stop="done"] {{ color: {theme.good}; border-color: {theme.good};
        font-weight: 600; }}
    QToolButton[stop="begun"] {{ color: {theme.accent}; border-color: {theme.accent};
        font-weight: 600; }}
    QToolButton[compact="true"] {{ padding: 1px 10px; border-radius: 6px; }}
    QToolButton[compact="true"]:focus {{ padding: 0 9px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.muted}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {theme.accent_soft}; }}
    QPushButton:checked, QToolButton:checked {{ background: {theme.accent_soft};
        border-color: {theme.accent}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.faint}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 5px 11px; }}
    QPushButton[primary="true"], QToolButton[primary="true"] {{ background: {theme.accent};
        color: {theme.on_accent}; border-color: {theme.accent}; font-weight: 600; }}
    QToolButton#pill {{ color: {theme.accent}; background: {theme.accent_soft};
        border: 1px solid transparent; border-radius: 11px; padding: 2px 10px; font-weight: 600; }}
    QToolButton#pill:hover {{ border-color: {theme.accent}; }}
    QToolButton#pill:focus {{ border: 2px solid {theme.accent}; padding: 1px 9px; }}
    QPlainTextEdit {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.edge}; border-radius: 8px; padding: 4px 8px; }}
    QPlainTextEdit:focus {{ border: 2px solid {theme.accent}; padding: 3px 5px; }}
    QTreeView {{ background: {theme.surface}; color: {theme.text}; border: none; outline: none; }}
    QTreeView::item {{ padding: 3px 4px; }}
    QTreeView::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    QTreeView:focus {{ border: 2px solid {theme.accent}; border-radius: 4px; }}
    QHeaderView::section {{ background: {theme.surface}; color: {theme.muted}; border: none;
        border-bottom: 1px solid {theme.edge}; padding: 3px 6px; }}
    QToolButton:checked {{ border: 2px solid {theme.accent}; background: {theme.accent_soft};
        padding: 5px 11px; }}
    QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled {{
        background: {theme.raised}; color: {theme.faint}; border-color: {theme.edge}; }}
    QLineEdit, QSpinBox {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.edge}; border-radius: 8px; padding: 6px 10px; }}
    QSpinBox {{ padding: 3px 6px 3px 8px; min-height: 22px; }}
    QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent;
        width: 22px; }}
    QSpinBox::up-button {{ subcontrol-position: top right; }}
    QSpinBox::down-button {{ subcontrol-position: bottom right; }}
    QSpinBox::up-arrow, QSpinBox::down-arrow {{ image: none; width: 0; height: 0; }}
    QSpinBox:focus {{ border: 2px solid {theme.accent}; padding: 2px 5px 2px 7px; }}
    QLineEdit:focus {{ border: 2px solid {theme.accent}; padding: 5px 9px; }}
    QComboBox {{ background: {theme.raised}; color: {theme.text};
        border: 1px solid {theme.edge}; border-radius: 8px; padding: 3px 8px; }}
    QComboBox:hover {{ border-color: {theme.muted}; }}
    QComboBox:focus {{ border: 2px solid {theme.accent}; padding: 2px 7px; }}
    QComboBox:disabled {{ color: {theme.muted}; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QListView {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.edge}; }}
    QTableView {{ background: {theme.surface}; color: {theme.text}; border: none; }}
    QHeaderView, QTableCornerButton::section {{ background: {theme.surface}; border: none; }}
    QHeaderView::section {{ background: {theme.surface}; color: {theme.muted}; border: none;
        padding: 1px 8px; }}
    QHeaderView::section:vertical {{ color: {theme.text}; font-weight: 600; padding: 1px 14px; }}
    QFrame[block="plain"] {{ background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: 8px; }}
    QFrame[block="question"] {{ background: {theme.accent_soft}; border: none;
        border-radius: 8px; }}
    QPushButton[choice="true"] {{ text-align: left; background: {theme.surface}; }}
    QPushButton[choice="true"]:disabled {{ color: {theme.text}; }}
    QPushButton[chosen="true"] {{ border: 2px solid {theme.accent}; padding: 5px 11px;
        font-weight: 600; }}
    QPushButton[right="true"] {{ border: 2px solid {theme.good}; padding: 5px 11px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QSlider::groove:horizontal {{ height: 4px; background: {theme.edge}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0;
        background: {theme.surface}; border: 2px solid {theme.accent}; border-radius: 8px; }}
    QSlider:focus {{ border: 1px solid {theme.accent}; border-radius: 6px; }}
    QScrollBar:vertical {{ width: 10px; background: transparent; margin: 2px; }}
    QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 2px; }}
    QScrollBar::handle {{ background: {theme.edge}; border-radius: 3px; min-width: 24px;
        min-height: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    """
