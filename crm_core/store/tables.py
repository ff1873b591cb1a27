"""All tables of the core, in the order in which they are made.

Each row is read into a value by the use case that owns it.
"""

from crm_core.store.arrangement_rows import ARRANGEMENT_TABLES
from crm_core.store.audit_rows import AUDIT_TABLES
from crm_core.store.client_rows import (
    AccountRow,
    AddressSettingRow,
    AssignmentRow,
    ContactDetailRow,
    ContactEmailRow,
    ContactRow,
    LinkRow,
)
from crm_core.store.custom_rows import CUSTOM_TABLES, CustomFieldRow, CustomValueRow
from crm_core.store.file_rows import FILE_TABLES
from crm_core.store.firm_rows import (
    CounterRow,
    FirmRecord,
    MemberRightRow,
    MemberRow,
    OnceRow,
    PersonRow,
)
from crm_core.store.mail_rows import MAIL_TABLES
from crm_core.store.notice_rows import NOTICE_TABLES
from crm_core.store.outbox_rows import OUTBOX_TABLES
from crm_core.store.picture_rows import PICTURE_TABLES
from crm_core.store.portal_rows import PORTAL_TABLES
from crm_core.store.role_rows import ROLE_TABLES
from crm_core.store.search_rows import SEARCH_TABLES, AccountSearchRow, ContactSearchRow
from crm_core.store.sign_in_rows import SIGN_IN_TABLES
from crm_core.store.tag_rows import TAG_TABLES
from crm_core.store.team_rows import TEAM_TABLES
from crm_core.store.upload_rows import UPLOAD_TABLES

CORE_TABLES = (
    PersonRow,
    FirmRecord,
    MemberRow,
    MemberRightRow,
    CounterRow,
    AccountRow,
    AssignmentRow,
    ContactRow,
    ContactEmailRow,
    ContactDetailRow,
    LinkRow,
    AddressSettingRow,
    OnceRow,
    *AUDIT_TABLES,
    *TEAM_TABLES,
    *TAG_TABLES,
    *ROLE_TABLES,
    *PICTURE_TABLES,
    *SEARCH_TABLES,
    *CUSTOM_TABLES,
    *OUTBOX_TABLES,
    *ARRANGEMENT_TABLES,
    *MAIL_TABLES,
    *PORTAL_TABLES,
    *SIGN_IN_TABLES,
    *NOTICE_TABLES,
    *FILE_TABLES,
    *UPLOAD_TABLES,
)

__all__ = [
    "CORE_TABLES",
    "AccountRow",
    "AccountSearchRow",
    "AddressSettingRow",
    "AssignmentRow",
    "ContactDetailRow",
    "ContactEmailRow",
    "ContactRow",
    "ContactSearchRow",
    "CounterRow",
    "CustomFieldRow",
    "CustomValueRow",
    "FirmRecord",
    "LinkRow",
    "MemberRightRow",
    "MemberRow",
    "OnceRow",
    "PersonRow",
]
